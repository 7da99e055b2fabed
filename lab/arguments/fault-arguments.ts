import { accept, refuse, SERVICES } from '@tracelab/protocol';
import type { Abort, FaultMatch, FaultSpec, Result, ServiceName } from '@tracelab/protocol';
import { parseDelay } from './delay.ts';
import { parseDuration } from './duration.ts';

/** What `lab fault add` was called with, as text; the empty string is an option that was not given. */
export interface FaultArguments {
  service: string;
  id: string;
  route: string;
  method: string;
  delay: string;
  status: string;
  reset: boolean;
  probability: string;
  seed: string;
  for: string;
  header: string;
  baggage: string;
}

type SpecPart = Result<Partial<FaultSpec>>;

/**
 * Turns the arguments into the fault that the control is asked for. Only what the command line itself can get wrong is
 * refused here; ranges (probability, status, longest delay) are the service's to judge, so that there is one judge.
 */
export function faultFromArguments(given: FaultArguments): Result<{ id: string; spec: FaultSpec }> {
  const service = SERVICES.find((name) => name === given.service);
  if (service === undefined)
    return refuse(`the service should be one of ${SERVICES.join(', ')}: was "${given.service}"`);
  const parts = [delayOf(given), abortOf(given), matchOf(given), numbersOf(given), durationOf(given)];
  const spec: FaultSpec = { service };
  if (given.route !== '') spec.route = given.route;
  if (given.method !== '') spec.method = given.method.toUpperCase();
  for (const part of parts) {
    if (!part.ok) return part;
    Object.assign(spec, part.value);
  }
  if (spec.delay === undefined && spec.abort === undefined) {
    return refuse('a fault needs something that goes wrong: --delay 870ms, --status 503 or --reset');
  }
  return accept({ id: given.id === '' ? faultId(service, spec) : given.id, spec });
}

/** The id says what the fault does, so adding the same kind again at the same place replaces it: bank-charge-delay. */
function faultId(service: ServiceName, spec: FaultSpec): string {
  const place = (spec.route ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const kinds = [spec.delay && 'delay', spec.abort && 'error'].filter((kind) => kind !== undefined);
  return [service, place, ...kinds].join('-').replace(/-+/g, '-').slice(0, 64);
}

function delayOf(given: FaultArguments): SpecPart {
  if (given.delay === '') return accept({});
  const delay = parseDelay(given.delay);
  return delay.ok ? accept({ delay: delay.value }) : delay;
}

function abortOf(given: FaultArguments): SpecPart {
  if (given.reset && given.status !== '') return refuse('--status answers and --reset does not: give one of them');
  if (given.reset) return accept({ abort: { kind: 'reset' } satisfies Abort });
  if (given.status === '') return accept({});
  const status = Number(given.status);
  if (!Number.isInteger(status)) return refuse(`--status should be an HTTP status such as 503: was "${given.status}"`);
  return accept({ abort: { kind: 'status', status } satisfies Abort });
}

function matchOf(given: FaultArguments): SpecPart {
  if (given.header !== '' && given.baggage !== '')
    return refuse('a fault matches a header or a baggage member: give one of --header and --baggage');
  if (given.header !== '') return accept({ match: nameAndValue(given.header, (header) => ({ header })) });
  if (given.baggage !== '') return accept({ match: nameAndValue(given.baggage, (baggage) => ({ baggage })) });
  return accept({});
}

function nameAndValue(text: string, named: (name: string) => FaultMatch): FaultMatch {
  const equals = text.indexOf('=');
  return equals < 0 ? named(text) : { ...named(text.slice(0, equals)), value: text.slice(equals + 1) };
}

function numbersOf(given: FaultArguments): SpecPart {
  const numbers: Partial<FaultSpec> = {};
  for (const option of ['probability', 'seed'] as const) {
    const text = given[option];
    if (text === '') continue;
    const value = Number(text);
    if (!Number.isFinite(value)) return refuse(`--${option} should be a number: was "${text}"`);
    numbers[option] = value;
  }
  return accept(numbers);
}

function durationOf(given: FaultArguments): SpecPart {
  if (given.for === '') return accept({});
  const duration = parseDuration(given.for);
  return duration.ok ? accept({ durationMs: duration.value }) : refuse(`--for: ${duration.error}`);
}
