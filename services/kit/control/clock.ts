import { ApiError } from '@tracelab/command';
import { readClockOffset } from '@tracelab/protocol';
import type { ClockOffset, TracerSwitch } from '@tracelab/protocol';
import type { Route } from '../route.ts';
import { tracerSwitch } from './tracing.ts';

/** `GET|PUT /_lab/clock`: how far the clock of this process's spans is set wrong; 501 where no tracer allows it. */
export function clockRoutes(): Route[] {
  return [
    { method: 'GET', path: '/_lab/clock', handle: () => ({ offsetMs: requireClock().getClockOffset() }) },
    { method: 'PUT', path: '/_lab/clock', handle: ({ body }) => setClockOffset(body) },
  ];
}

export function currentClockOffsetMs(): number | undefined {
  return tracerSwitch()?.getClockOffset?.();
}

function setClockOffset(body: unknown): ClockOffset {
  const clock = requireClock();
  const wanted = readClockOffset(body);
  if (!wanted.ok) throw new ApiError('bad_request', wanted.error);
  clock.setClockOffset(wanted.value.offsetMs);
  return { offsetMs: clock.getClockOffset() };
}

type SpanClock = Required<Pick<TracerSwitch, 'getClockOffset' | 'setClockOffset'>>;

function requireClock(): SpanClock {
  const { getClockOffset, setClockOffset } = tracerSwitch() ?? {};
  if (getClockOffset !== undefined && setClockOffset !== undefined) return { getClockOffset, setClockOffset };
  throw new ApiError(
    'not_supported',
    'this process has no tracer whose clock can be set: start it with LAB_TRACER=lab to set it wrong',
  );
}
