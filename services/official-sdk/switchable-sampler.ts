import type { SamplerSetting } from '@tracelab/protocol';
import { tracing } from '@opentelemetry/sdk-node';

const DEFAULT: SamplerSetting = { sampler: 'parentbased_always_on' };

/** The SDK's own samplers by OpenTelemetry's names: those that its OTEL_TRACES_SAMPLER knows. */
const SAMPLERS: Readonly<Record<string, ((ratio: number) => tracing.Sampler) | undefined>> = {
  always_on: () => new tracing.AlwaysOnSampler(),
  always_off: () => new tracing.AlwaysOffSampler(),
  traceidratio: (ratio) => new tracing.TraceIdRatioBasedSampler(ratio),
  parentbased_always_on: () => new tracing.ParentBasedSampler({ root: new tracing.AlwaysOnSampler() }),
  parentbased_always_off: () => new tracing.ParentBasedSampler({ root: new tracing.AlwaysOffSampler() }),
  parentbased_traceidratio: (ratio) =>
    new tracing.ParentBasedSampler({ root: new tracing.TraceIdRatioBasedSampler(ratio) }),
};

/**
 * Whichever of the SDK's samplers is set decides. It is asked once for each span, so it also counts them: the SDK makes
 * spans that are not sampled known to nobody else.
 */
export class SwitchableSampler implements tracing.Sampler {
  spansCreated = 0;
  spansSampled = 0;
  #setting: SamplerSetting;
  #delegate: tracing.Sampler;

  /** Throws as `set` does. */
  constructor(setting: SamplerSetting) {
    this.#delegate = createSampler(setting);
    this.#setting = { ...setting };
  }

  get setting(): SamplerSetting {
    return { ...this.#setting };
  }

  /** Throws a RangeError for a sampler that the SDK does not have, or where a ratio is missing or beyond 0 to 1. */
  set(setting: SamplerSetting): void {
    this.#delegate = createSampler(setting);
    this.#setting = { ...setting };
  }

  shouldSample(...request: Parameters<tracing.Sampler['shouldSample']>): tracing.SamplingResult {
    const result = this.#delegate.shouldSample(...request);
    this.spansCreated++;
    if (result.decision === tracing.SamplingDecision.RECORD_AND_SAMPLED) this.spansSampled++;
    return result;
  }

  toString(): string {
    return this.#delegate.toString();
  }
}

/**
 * OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG as the SDK reads them, the default where it does not know the name. It would
 * say so to its diagnostics alone, which are silent until asked for: a comparison under the wrong sampler must not be.
 */
export function samplerFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  warn: (sentence: string) => void,
): SamplerSetting {
  const name = environment['OTEL_TRACES_SAMPLER'] ?? '';
  if (name === '') return DEFAULT;
  const setting = {
    sampler: name as SamplerSetting['sampler'],
    arg: readRatio(environment['OTEL_TRACES_SAMPLER_ARG']),
  };
  if (Object.hasOwn(SAMPLERS, name)) return setting;
  warn(`OTEL_TRACES_SAMPLER=${name} is unknown to the official SDK: ${DEFAULT.sampler} is used`);
  return DEFAULT;
}

function readRatio(text: string | undefined): number {
  const ratio = text === undefined || text.trim() === '' ? 1 : Number(text);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}

function createSampler({ sampler, arg }: SamplerSetting): tracing.Sampler {
  const create = SAMPLERS[sampler];
  if (create === undefined) {
    throw new RangeError(
      `the sampler of the official SDK should be one of ${Object.keys(SAMPLERS).join(', ')}: was ${sampler}`,
    );
  }
  if (create.length === 0) return create(1);
  if (typeof arg !== 'number' || !(arg >= 0 && arg <= 1)) {
    throw new RangeError(`arg of ${sampler} should be a ratio from 0 to 1: was ${String(arg)}`);
  }
  return create(arg);
}
