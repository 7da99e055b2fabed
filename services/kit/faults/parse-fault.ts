import { ApiError } from '@tracelab/command';
import type { Abort, Delay, Fault, FaultMatch, Result, ServiceName } from '@tracelab/protocol';
import { accept, refuse } from '@tracelab/protocol';
import type { JsonObject } from '../read.ts';
import { allowOnlyKeys, readChoice, readDecimal, readInteger, readObject, readText } from '../read.ts';
import { DELAY_MS_MAX } from './delay.ts';

const PROBABILITY_MIN = 0.01;
const DURATION_MS_MAX = 7 * 24 * 60 * 60 * 1000;
const SEED_MAX = 0xffff_ffff;
const ROUTE_LENGTH_MAX = 256;
const MATCH_LENGTH_MAX = 256;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** RFC 9110, 5.6.2, and W3C Baggage, 3.3.1: no request could ever carry another name. */
const TOKEN_PATTERN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

const SHOWN_ID_LENGTH_MAX = 100;

const FAULT_KEYS = [
  'service',
  'route',
  'method',
  'probability',
  'seed',
  'match',
  'delay',
  'abort',
  'durationMs',
  'id',
  'createdUnixMs',
  'expiresUnixMs',
];

/** What a fault's defaults are made of. */
export interface FaultOrigin {
  id: string;
  service: ServiceName;
  nowUnixMs: number;
  /** From 0 to below 1: makes the seed of a fault that names none. */
  random: () => number;
}

/**
 * Reads a FaultSpec, or a Fault as `GET` answers it, so that what was read can be put again after a restart: its seed,
 * creation and end then stay. Never throws; a refusal says what was got and what is allowed.
 */
export function parseFaultSpec(value: unknown, origin: FaultOrigin): Result<Fault> {
  try {
    return accept(readFault(value, origin));
  } catch (error) {
    if (error instanceof ApiError) return refuse(error.message);
    throw error;
  }
}

function readFault(value: unknown, origin: FaultOrigin): Fault {
  const spec = readObject(value, 'a fault');
  allowOnlyKeys(spec, 'a fault', FAULT_KEYS);
  const id = readFaultId(origin.id);
  if (spec['id'] !== undefined) readChoice(spec['id'], 'id', [id]);
  const fault: Fault = {
    id,
    service: readChoice(spec['service'], 'service', [origin.service]),
    probability: readDecimal(spec['probability'] ?? 1, 'probability', { min: PROBABILITY_MIN, max: 1 }),
    seed: readInteger(spec['seed'] ?? Math.floor(origin.random() * SEED_MAX), 'seed', { min: 0, max: SEED_MAX }),
    ...readTarget(spec),
    ...readEffect(spec),
    ...readLifetime(spec, origin.nowUnixMs),
  };
  if (fault.delay !== undefined || fault.abort !== undefined) return fault;
  throw new ApiError('bad_request', 'a fault should have a delay, an abort or both: has neither');
}

function readFaultId(id: string): string {
  if (ID_PATTERN.test(id)) return id;
  const was = JSON.stringify(id.slice(0, SHOWN_ID_LENGTH_MAX));
  throw new ApiError(
    'bad_request',
    `the id of a fault should be 1 to 64 letters, digits, dots, dashes or underscores: was ${was}`,
  );
}

function readTarget(spec: JsonObject): Pick<Fault, 'route' | 'method' | 'match'> {
  const target: Pick<Fault, 'route' | 'method' | 'match'> = {};
  if (spec['route'] !== undefined) target.route = readRoute(spec['route']);
  if (spec['method'] !== undefined) target.method = readChoice(spec['method'], 'method', METHODS);
  if (spec['match'] !== undefined) target.match = readMatch(spec['match']);
  return target;
}

function readRoute(value: unknown): string {
  const route = readText(value, 'route', ROUTE_LENGTH_MAX);
  if (/^(?:\/[^*?]*)?\*?$/.test(route)) return route;
  throw new ApiError(
    'bad_request',
    `route should be a path such as /charge, with * at its end at most: was ${JSON.stringify(route)}`,
  );
}

function readMatch(value: unknown): FaultMatch {
  const match = readObject(value, 'match');
  const carrier = match['header'] !== undefined ? 'header' : 'baggage';
  allowOnlyKeys(match, `match by ${carrier}`, [carrier, 'value']);
  const name = readText(match[carrier], `match.${carrier}`, MATCH_LENGTH_MAX);
  if (!TOKEN_PATTERN.test(name))
    throw new ApiError(
      'bad_request',
      `match.${carrier} should be a token of letters, digits and !#$%&'*+-.^_\`|~: was ${JSON.stringify(name)}`,
    );
  const wanted =
    match['value'] === undefined ? {} : { value: readText(match['value'], 'match.value', MATCH_LENGTH_MAX) };
  return carrier === 'header' ? { header: name.toLowerCase(), ...wanted } : { baggage: name, ...wanted };
}

function readEffect(spec: JsonObject): Pick<Fault, 'delay' | 'abort'> {
  const effect: Pick<Fault, 'delay' | 'abort'> = {};
  if (spec['delay'] !== undefined) effect.delay = readDelay(spec['delay']);
  if (spec['abort'] !== undefined) effect.abort = readAbort(spec['abort']);
  return effect;
}

function readDelay(value: unknown): Delay {
  const delay = readObject(value, 'delay');
  const kind = readChoice(delay['kind'], 'delay.kind', ['fixed', 'uniform', 'normal', 'lognormal']);
  const ms = (key: string, min = 0): number => readDecimal(delay[key], `delay.${key}`, { min, max: DELAY_MS_MAX });
  const only = (...keys: string[]): void => allowOnlyKeys(delay, `a ${kind} delay`, ['kind', ...keys]);
  switch (kind) {
    case 'fixed':
      only('ms');
      return { kind, ms: ms('ms') };
    case 'uniform':
      only('minMs', 'maxMs');
      return { kind, minMs: ms('minMs'), maxMs: ms('maxMs', ms('minMs')) };
    case 'normal':
      only('meanMs', 'stdDevMs');
      return { kind, meanMs: ms('meanMs'), stdDevMs: ms('stdDevMs') };
    case 'lognormal':
      only('medianMs', 'p99Ms');
      // A median of 0 has no logarithm.
      return { kind, medianMs: ms('medianMs', 0.001), p99Ms: ms('p99Ms', ms('medianMs', 0.001)) };
  }
}

function readAbort(value: unknown): Abort {
  const abort = readObject(value, 'abort');
  const kind = readChoice(abort['kind'], 'abort.kind', ['status', 'reset']);
  allowOnlyKeys(abort, `a ${kind} abort`, kind === 'status' ? ['kind', 'status'] : ['kind']);
  if (kind === 'reset') return { kind };
  return { kind, status: readInteger(abort['status'], 'abort.status', { min: 400, max: 599 }) };
}

/** An end that is given wins over a duration: a fault that is put again must not live longer for it. */
function readLifetime(
  spec: JsonObject,
  nowUnixMs: number,
): Pick<Fault, 'createdUnixMs' | 'durationMs' | 'expiresUnixMs'> {
  const createdUnixMs = readInteger(spec['createdUnixMs'] ?? nowUnixMs, 'createdUnixMs', {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  const latest = nowUnixMs + DURATION_MS_MAX;
  const durationMs =
    spec['durationMs'] === undefined
      ? undefined
      : readDecimal(spec['durationMs'], 'durationMs', { min: 1, max: DURATION_MS_MAX });
  const end = spec['expiresUnixMs'] ?? (durationMs === undefined ? undefined : nowUnixMs + durationMs);
  return {
    createdUnixMs,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(end === undefined ? {} : { expiresUnixMs: readDecimal(end, 'expiresUnixMs', { min: nowUnixMs, max: latest }) }),
  };
}
