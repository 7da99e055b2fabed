import { ApiError } from '@tracelab/command';
import { isRecord, SERVICES } from '@tracelab/protocol';
import type { Abort, Delay, FaultSpec } from '@tracelab/protocol';

type Given = Readonly<Record<string, unknown>>;

const DELAY_NUMBERS: Readonly<Record<Delay['kind'], readonly string[]>> = {
  fixed: ['ms'],
  uniform: ['minMs', 'maxMs'],
  normal: ['meanMs', 'stdDevMs'],
  lognormal: ['medianMs', 'p99Ms'],
};
const ABORT_NUMBERS: Readonly<Record<Abort['kind'], readonly string[]>> = { status: ['status'], reset: [] };

const SCALARS = [
  ['number', 'probability'],
  ['number', 'seed'],
  ['number', 'durationMs'],
  ['string', 'route'],
  ['string', 'method'],
] as const;

/**
 * Parse boundary of the control: which service the fault is for, and that it has the shape of one, since a fault whose
 * service is away is held and shown before that service has judged it. Ranges and names are the service's to judge.
 */
export function readFaultSpec(body: unknown): FaultSpec {
  const spec = isRecord(body) ? body : {};
  if (!SERVICES.some((service) => service === spec['service']))
    refuse('service', `one of ${SERVICES.join(', ')}`, spec);
  for (const [type, name] of SCALARS)
    if (spec[name] !== undefined && typeof spec[name] !== type)
      refuse(name, type === 'number' ? 'a number' : 'text', spec);
  if (spec['match'] !== undefined && !isRecord(spec['match'])) refuse('match', 'an object', spec);
  readVariant(spec, 'delay', DELAY_NUMBERS);
  readVariant(spec, 'abort', ABORT_NUMBERS);
  return spec as Partial<FaultSpec> as FaultSpec;
}

function readVariant(spec: Given, name: string, numbersByKind: Readonly<Record<string, readonly string[]>>): void {
  const given = spec[name];
  if (given === undefined) return;
  const variant = isRecord(given) ? given : {};
  const kind = Object.keys(numbersByKind).find((kind) => kind === variant['kind']);
  if (kind === undefined) return refuse(`${name}.kind`, `one of ${Object.keys(numbersByKind).join(', ')}`, spec);
  for (const number of numbersByKind[kind] ?? [])
    if (typeof variant[number] !== 'number') refuse(`${name}.${number}`, 'a number', spec);
}

const SHOWN_LENGTH_MAX = 100;

function refuse(path: string, allowed: string, spec: Given): never {
  const value = path.split('.').reduce<unknown>((held, key) => (isRecord(held) ? held[key] : undefined), spec);
  const was = (JSON.stringify(value) ?? 'absent').slice(0, SHOWN_LENGTH_MAX);
  throw new ApiError('bad_request', `${path} should be ${allowed}: was ${was}`);
}
