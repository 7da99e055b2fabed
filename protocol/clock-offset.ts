import { isRecord } from './json-record.ts';
import { LIMITS } from './limits.ts';
import { accept, refuse } from './result.ts';
import type { Result } from './result.ts';

/** `GET|PUT /_lab/clock` of a service: how far the wall clock of its spans is set wrong, ahead where positive. */
export interface ClockOffset {
  offsetMs: number;
}

/** An offset from outside (JSON, environment, command line); the refusal says what was got and what is allowed. */
export function readClockOffset(given: unknown): Result<ClockOffset> {
  if (!isRecord(given)) return refuse('a clock offset should be an object: {"offsetMs": 250}');
  const strange = Object.keys(given).find((key) => key !== 'offsetMs');
  if (strange !== undefined)
    return refuse(`a clock offset has no ${JSON.stringify(strange.slice(0, 60))}: allowed is offsetMs`);
  const { offsetMs } = given;
  const max = LIMITS.clockOffsetMsMax;
  if (typeof offsetMs === 'number' && Number.isInteger(offsetMs) && Math.abs(offsetMs) <= max)
    return accept({ offsetMs });
  const got = offsetMs === undefined ? 'absent' : JSON.stringify(offsetMs).slice(0, 60);
  return refuse(`offsetMs should be a whole number from ${-max} to ${max}: was ${got}`);
}
