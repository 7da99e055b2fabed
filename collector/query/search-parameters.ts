import { ApiError } from '@tracelab/command';
import type { AttributeCondition, TraceQuery } from '../store/trace-store.ts';
import {
  listOf,
  millisecondsOf,
  refuseUnknown,
  SEARCH_LIMIT_MAX,
  textOf,
  wholeNumberOf,
  type Parameters,
} from './parameters.ts';

const LIMIT_DEFAULT = 50;

/** The parameters of `GET /api/lab/traces`, in the order of protocol/api/query.ts. */
export const SEARCH_PARAMETERS = [
  'service',
  'operation',
  'minDurationMs',
  'maxDurationMs',
  'error',
  'attribute',
  'startUnixMs',
  'endUnixMs',
  'limit',
] as const;

/** Throws an ApiError that names the parameter, what it was and what is allowed. */
export function parseSearch(parameters: Parameters): TraceQuery {
  refuseUnknown(parameters, SEARCH_PARAMETERS);
  return {
    ...present({
      service: textOf(parameters, 'service'),
      operation: textOf(parameters, 'operation'),
      durationNanoMin: millisecondsOf(parameters, 'minDurationMs'),
      durationNanoMax: millisecondsOf(parameters, 'maxDurationMs'),
      hasError: parseError(textOf(parameters, 'error')),
      startTimeUnixNanoMin: millisecondsOf(parameters, 'startUnixMs'),
      startTimeUnixNanoMax: millisecondsOf(parameters, 'endUnixMs'),
    }),
    attributes: listOf(parameters, 'attribute').map(parseAttribute),
    limit: wholeNumberOf(parameters, 'limit', { min: 1, max: SEARCH_LIMIT_MAX }) ?? LIMIT_DEFAULT,
  };
}

/** Leaves out what is undefined: an absent condition is an absent key. */
export function present<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Values]?: Exclude<Values[Key], undefined> };
}

function parseError(text: string | undefined): boolean | undefined {
  if (text === undefined || text === 'false') return undefined;
  if (text === 'true') return true;
  throw new ApiError('bad_request', `error should be true or false: was "${text}"`);
}

function parseAttribute(text: string): AttributeCondition {
  const split = text.indexOf('=');
  if (split < 1) throw new ApiError('bad_request', `attribute should be key=value: was "${text}"`);
  return { key: text.slice(0, split), value: text.slice(split + 1) };
}
