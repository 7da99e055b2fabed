import { OldestFirst } from './oldest-first.ts';
import type { Decision } from './policies/policy.ts';

/**
 * What was decided, for spans that come late. Bounded: at the bound the decision that was asked for longest ago is
 * forgotten, and a span that comes later still begins a new trace, as in the OpenTelemetry Collector.
 */
export class DecisionCache {
  readonly #decisionsMax: number;
  readonly #decisions = new Map<string, Decision>();
  readonly #oldest = new OldestFirst(this.#decisions);

  constructor(decisionsMax: number) {
    this.#decisionsMax = decisionsMax;
  }

  record(traceId: string, decision: Decision): void {
    this.#decisions.delete(traceId);
    this.#decisions.set(traceId, decision);
    if (this.#decisions.size <= this.#decisionsMax) return;
    const oldest = this.#oldest.next();
    if (oldest !== undefined) this.#decisions.delete(oldest);
  }

  recall(traceId: string): Decision | undefined {
    const decision = this.#decisions.get(traceId);
    if (decision !== undefined) this.record(traceId, decision);
    return decision;
  }
}
