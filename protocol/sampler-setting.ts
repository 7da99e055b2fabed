import { isRecord } from './json-record.ts';
import { PROBABILITY_MIN } from './trace-context/threshold.ts';
import { accept, refuse } from './result.ts';
import type { Result } from './result.ts';

/** The names of OTEL_TRACES_SAMPLER, and four of ours: those with `probability` or `ratelimiting` in them. */
export const SAMPLER_NAMES = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'probability',
  'parentbased_probability',
  'ratelimiting',
  'parentbased_ratelimiting',
  'jaeger_remote',
  'parentbased_jaeger_remote',
] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

/**
 * `arg` is the ratio, 0 to 1, of traceidratio; the probability, 2^-56 to 1, of probability; the traces per second of
 * ratelimiting; and for jaeger_remote a text (RemoteSamplerOptions). The others take none.
 */
export interface SamplerSetting {
  sampler: SamplerName;
  /** Absent: 1, or the defaults of RemoteSamplerOptions. */
  arg?: number | string;
}

/** `endpoint=http://host:5778,pollingIntervalMs=60000,initialSamplingRate=0.001`, each part optional. */
export interface RemoteSamplerOptions {
  /** Address of a server of Jaeger's sampling protocol over HTTP; `/sampling` is appended. @default http://localhost:5778 */
  endpoint: string;
  /** @default 60000 */
  pollingIntervalMs: number;
  /** The probability until the first answer. @default 0.001 */
  initialSamplingRate: number;
}

const TRACES_PER_SECOND_MAX = 1_000_000;
const REMOTE_ARG_LENGTH_MAX = 2048;
const POLLING_INTERVAL_MS = { min: 100, max: 86_400_000 };
const REMOTE_DEFAULTS: RemoteSamplerOptions = {
  endpoint: 'http://localhost:5778',
  pollingIntervalMs: 60_000,
  initialSamplingRate: 0.001,
};

/** A setting from outside (JSON of `PUT /_lab/tracing`); the refusal says what was got and what is allowed. */
export function readSamplerSetting(given: unknown): Result<SamplerSetting> {
  if (!isRecord(given)) return refuse(`a sampler should be an object: was ${show(given)}`);
  const strange = Object.keys(given).find((key) => key !== 'sampler' && key !== 'arg');
  if (strange !== undefined) return refuse(`a sampler has no ${show(strange)}: allowed are sampler, arg`);
  const { sampler: name, arg } = given;
  const sampler = SAMPLER_NAMES.find((known) => known === name);
  if (sampler === undefined) return refuse(`sampler should be one of ${SAMPLER_NAMES.join(', ')}: was ${show(name)}`);
  if (arg === undefined) return accept({ sampler });
  const refusal = judgeArg(sampler, arg);
  return refusal === undefined && (typeof arg === 'number' || typeof arg === 'string')
    ? accept({ sampler, arg })
    : refuse(`arg ${refusal}: was ${show(arg)}`);
}

/** A setting from texts (environment, command line); an empty `arg` is as good as none. */
export function samplerSettingFromText(sampler: string, arg: string): Result<SamplerSetting> {
  if (arg === '') return readSamplerSetting({ sampler });
  const isNumber = arg.trim() !== '' && !Number.isNaN(Number(arg));
  return readSamplerSetting({ sampler, arg: isNumber ? Number(arg) : arg });
}

/** What is wrong with the argument, as the end of a sentence. */
function judgeArg(sampler: SamplerName, arg: unknown): string | undefined {
  switch (sampler.replace('parentbased_', '')) {
    case 'traceidratio':
      return isWithin(arg, 0, 1) ? undefined : 'should be between 0 and 1';
    case 'probability':
      return isWithin(arg, PROBABILITY_MIN, 1) ? undefined : 'should be between 2^-56 and 1';
    case 'ratelimiting':
      return isWithin(arg, 0, TRACES_PER_SECOND_MAX)
        ? undefined
        : `should be traces per second, between 0 and ${TRACES_PER_SECOND_MAX}`;
    case 'jaeger_remote': {
      const options = parseRemoteSamplerArg(arg);
      return options.ok ? undefined : options.error;
    }
    default:
      return `should be left out, ${sampler} takes none`;
  }
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

/** The refusal is the end of a sentence that begins with the argument's name. */
export function parseRemoteSamplerArg(arg: unknown): Result<RemoteSamplerOptions> {
  if (arg === undefined) return accept(REMOTE_DEFAULTS);
  if (typeof arg !== 'string' || arg.length > REMOTE_ARG_LENGTH_MAX)
    return refuse('should be endpoint=…,pollingIntervalMs=…,initialSamplingRate=…');
  const options = { ...REMOTE_DEFAULTS };
  for (const part of arg.split(',')) {
    const equals = part.indexOf('=');
    const refusal = setRemoteOption(options, part.slice(0, Math.max(0, equals)).trim(), part.slice(equals + 1).trim());
    if (refusal !== undefined) return refuse(refusal);
  }
  return accept(options);
}

function setRemoteOption(options: RemoteSamplerOptions, key: string, text: string): string | undefined {
  const value = text === '' ? Number.NaN : Number(text);
  const { min, max } = POLLING_INTERVAL_MS;
  switch (key) {
    case 'endpoint':
      options.endpoint = text;
      return /^https?:\/\/[^/]/.test(text) ? undefined : 'should have an http:// or https:// address as endpoint';
    case 'pollingIntervalMs':
      options.pollingIntervalMs = value;
      return isWithin(value, min, max) ? undefined : `should have a pollingIntervalMs between ${min} and ${max}`;
    case 'initialSamplingRate':
      options.initialSamplingRate = value;
      return isWithin(value, 0, 1) ? undefined : 'should have an initialSamplingRate between 0 and 1';
    default:
      return 'should hold only endpoint=…, pollingIntervalMs=… and initialSamplingRate=…, separated by commas';
  }
}

const SHOWN_LENGTH_MAX = 60;

function show(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}…`;
}
