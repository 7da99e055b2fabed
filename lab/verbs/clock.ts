import { defineVerb, UsageError } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';
import { LIMITS, readClockOffset } from '@tracelab/protocol';
import { askControl } from '../control-client.ts';
import type { ClocksReply, ServiceClock } from '../control/clock-routes.ts';
import { TRACED_SERVICES } from '../processes.ts';
import { formatTable } from '../report/table.ts';

export const clock: AnyProgram = defineVerb({
  name: 'clock',
  summary: "Shows how far the clocks of the services' spans are set wrong, or sets one of them wrong while it runs.",
  parameters: [
    { name: 'service', description: `one of ${TRACED_SERVICES.join(', ')}; without it nothing is changed` },
    {
      name: 'offset',
      description: `whole milliseconds ahead, behind where negative, at most ${LIMITS.clockOffsetMsMax}; 0 sets it right`,
    },
  ],
  settings: {},
  examples: ['npm run lab -- clock', 'npm run lab -- clock payments 250', 'npm run lab -- clock payments 0'],
  run: async ({ parameters, output }) => {
    const [service, offset] = parameters;
    if (service === undefined) {
      const reply = await askControl<ClocksReply>('GET', '/_lab/clock', 'clocks');
      output.result(reply, formatTable(['service', 'clock', 'status'], reply.clocks.map(rowOf)));
      return;
    }
    const wish = { service, offsetMs: readOffset(offset) };
    const reply = await askControl<ServiceClock>('PUT', '/_lab/clock', 'status', wish);
    const state =
      reply.status === 'away' ? 'is away and gets it when it returns' : 'has it for every trace that begins now';
    output.result(reply, `clock of ${service} ${describe(reply.offsetMs)}: ${service} ${state}`);
  },
});

function readOffset(text: string | undefined): number {
  if (text === undefined)
    throw new UsageError('an offset should be given after the service: 250 is a quarter second ahead');
  const offset = readClockOffset({ offsetMs: text.trim() === '' ? text : Number(text) });
  if (!offset.ok) throw new UsageError(`${offset.error} ("${text}")`);
  return offset.value.offsetMs;
}

function rowOf({ service, offsetMs, status }: ServiceClock): string[] {
  return [service, describe(offsetMs), status];
}

function describe(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return 'unknown';
  if (offsetMs === 0) return 'right';
  return offsetMs > 0 ? `${offsetMs} ms ahead` : `${-offsetMs} ms behind`;
}
