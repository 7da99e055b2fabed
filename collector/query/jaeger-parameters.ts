import { ApiError } from '@tracelab/command';
import { parseGoDuration } from '../config/go-duration.ts';
import type { AttributeCondition, TraceQuery } from '../store/trace-store.ts';
import { millisecondsToNano, SEARCH_LIMIT_MAX, textOf, wholeNumberOf, type Parameters } from './parameters.ts';
import { present } from './search-parameters.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_ACCEPTED_MAX = 1_000_000;

export interface JaegerSearch {
  query: TraceQuery;
  /** Asked for by id: then nothing else counts. */
  traceIds: string[];
}

/** The parameters of Jaeger's `GET /api/traces`; unknown ones are ignored, as there. A limit above ours is cut to it. */
export function parseJaegerSearch(parameters: Parameters): JaegerSearch {
  const { conditions, hasError } = parseTags(textOf(parameters, 'tags'));
  const query: TraceQuery = {
    ...present({
      service: textOf(parameters, 'service'),
      operation: textOf(parameters, 'operation'),
      durationNanoMin: durationOf(parameters, 'minDuration'),
      durationNanoMax: durationOf(parameters, 'maxDuration'),
      hasError,
      startTimeUnixNanoMin: microsecondsOf(parameters, 'start'),
      startTimeUnixNanoMax: microsecondsOf(parameters, 'end'),
    }),
    attributes: conditions,
    limit: Math.min(
      wholeNumberOf(parameters, 'limit', { min: 1, max: LIMIT_ACCEPTED_MAX }) ?? LIMIT_DEFAULT,
      SEARCH_LIMIT_MAX,
    ),
  };
  const traceIds = [parameters['traceID'] ?? []].flat();
  if (traceIds.length === 0 && query.service === undefined)
    throw new ApiError('bad_request', "parameter 'service' is required");
  return { query, traceIds };
}

function durationOf(parameters: Parameters, name: string): bigint | undefined {
  const text = textOf(parameters, name);
  if (text === undefined) return undefined;
  const ms = parseGoDuration(text);
  if (ms === undefined) throw new ApiError('bad_request', `${name} should be a duration such as 1.2ms: was "${text}"`);
  return millisecondsToNano(ms);
}

function microsecondsOf(parameters: Parameters, name: string): bigint | undefined {
  const value = wholeNumberOf(parameters, name, { min: 0, max: Number.MAX_SAFE_INTEGER });
  return value === undefined ? undefined : BigInt(value) * 1000n;
}

/** A JSON map as text. `error: true` is Jaeger's name for the status, not an attribute of ours. */
function parseTags(text: string | undefined): { conditions: AttributeCondition[]; hasError: boolean | undefined } {
  const tags = text === undefined ? {} : parseMap(text);
  const isErrorTag = (key: string, value: unknown): boolean => key === 'error' && String(value) === 'true';
  const conditions = Object.entries(tags)
    .filter(([key, value]) => !isErrorTag(key, value))
    .map(([key, value]) => ({ key, value: String(value) }));
  return { conditions, hasError: Object.entries(tags).some(([key, value]) => isErrorTag(key, value)) || undefined };
}

function parseMap(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, the same for every form of nonsense.
  }
  throw new ApiError('bad_request', `tags should be a JSON map of text such as {"http.method":"GET"}: was ${text}`);
}
