import type { Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';
import { asText } from './as-text.ts';
import { attempt } from './attempt.ts';
import type { Scope } from './span-record.ts';
import { SpanTracer } from './tracer.ts';
import type { TracerHome } from './tracer.ts';

/** Beyond this many libraries (a name made up per request, say) tracers still work, they are only no longer shared. */
const TRACERS_KEPT_MAX = 1000;

/** What `trace.getTracer` asks. One tracer for each name, version and schema URL. */
export class SpanTracerProvider implements TracerProvider {
  readonly #home: TracerHome;
  readonly #tracers = new Map<string, SpanTracer>();

  constructor(home: TracerHome) {
    this.#home = home;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    const schemaUrl = asText(attempt(() => options?.schemaUrl));
    const scope: Scope = { name: asText(name), version: asText(version), schemaUrl };
    const key = `${scope.name}\0${scope.version}\0${scope.schemaUrl}`;
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const tracer = new SpanTracer(this.#home, scope);
    if (this.#tracers.size < TRACERS_KEPT_MAX) this.#tracers.set(key, tracer);
    return tracer;
  }
}
