import type { SamplerReport, SamplerSetting } from '@tracelab/protocol';
import { createSampler } from './create-sampler.ts';
import type { RunningSampler } from './create-sampler.ts';
import type { RemoteHost } from './remote/remote-sampler.ts';
import type { Sampler } from './sampler.ts';

/** The sampler in use, and how another takes its place while spans are made. */
export class SamplerSwitch {
  readonly #host: RemoteHost;
  #setting: SamplerSetting;
  #running: RunningSampler;

  /** Throws a RangeError where the setting is not allowed, as `set` does. */
  constructor(setting: SamplerSetting, host: RemoteHost) {
    this.#host = host;
    this.#setting = { ...setting };
    this.#running = createSampler(setting, host);
  }

  get sampler(): Sampler {
    return this.#running.sampler;
  }

  get setting(): SamplerSetting {
    return { ...this.#setting };
  }

  /** A refused setting changes nothing; what ran beside the old sampler ends. */
  set(setting: SamplerSetting): void {
    const next = createSampler(setting, this.#host);
    this.#running.close();
    this.#running = next;
    this.#setting = { ...setting };
  }

  describe(): SamplerReport {
    return this.#running.describe();
  }

  close(): void {
    this.#running.close();
  }
}
