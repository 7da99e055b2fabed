import { samplerSettingFromText } from '@tracelab/protocol';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings-table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Settings = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer T> ? T : never;
};

/**
 * Never throws: a value that is not allowed is said once, with what was got and what is allowed, and the default (or the
 * part that was allowed) is used. An empty variable is as good as none (specification, environment variables).
 */
export function readSettings(environment: Environment, warn: (sentence: string) => void): Settings {
  const complaints = new Set<string>();
  const settings = Object.fromEntries(
    Object.entries<Setting<unknown>>(SETTINGS).map(([name, row]) => [name, readSetting(row, environment, complaints)]),
  ) as Settings;
  const { batchSpansMax, queueSpansMax } = settings;
  if (batchSpansMax > queueSpansMax) {
    complaints.add(
      `OTEL_BSP_MAX_EXPORT_BATCH_SIZE should be at most the queue size of ${queueSpansMax}: was ${batchSpansMax}; using ${queueSpansMax}`,
    );
  }
  const samplerArg = readSamplerArg(settings, complaints);
  for (const complaint of complaints) warn(complaint);
  return { ...settings, samplerArg, batchSpansMax: Math.min(batchSpansMax, queueSpansMax) };
}

/** Specification: an argument that the sampler does not allow is reported and ignored. */
function readSamplerArg({ sampler, samplerArg }: Settings, complaints: Set<string>): Settings['samplerArg'] {
  const read = samplerSettingFromText(sampler, String(samplerArg ?? ''));
  if (read.ok) return read.value.arg;
  complaints.add(`OTEL_TRACES_SAMPLER_ARG of ${sampler}: ${read.error}; ignored`);
  return undefined;
}

function readSetting<T>(row: Setting<T>, environment: Environment, complaints: Set<string>): T {
  const variable = row.env.find((name) => (environment[name]?.trim() ?? '') !== '');
  if (variable === undefined) return row.default;
  const { value, complaint } = row.parse((environment[variable] ?? '').trim());
  const isUsed = value !== undefined;
  if (complaint !== undefined) {
    complaints.add(`${variable} ${complaint}${isUsed ? '' : `; ${describeDefault(row.default)}`}`);
  }
  return isUsed ? value : row.default;
}

function describeDefault(value: unknown): string {
  if (value === Infinity) return 'using no limit';
  if (typeof value === 'string' && value !== '') return `using ${value}`;
  const text = JSON.stringify(value ?? '');
  return ['""', '{}', '[]'].includes(text) ? 'ignored' : `using ${text}`;
}
