import { flattenTracesData } from '@tracelab/model';
import type { TracesData } from '@tracelab/protocol';

interface AcknowledgedTrace {
  /** Of the request that brought its first span. */
  request: number;
  /** Names by span id. Two spans of one id in one trace are one: which of them stays is not said. */
  names: Map<string, string | undefined>;
}

/** Every span that the collector has acknowledged: some hundred bytes each, for as long as a campaign takes. */
export class AcknowledgedSpans {
  readonly #traces = new Map<string, AcknowledgedTrace>();

  get traceIds(): string[] {
    return [...this.#traces.keys()];
  }

  get spanCount(): number {
    return this.#traces.values().reduce((sum, { names }) => sum + names.size, 0);
  }

  add(request: number, spans: readonly { traceId: string; spanId: string; name: string }[]): void {
    for (const { traceId, spanId, name } of spans) {
      const trace = this.#traces.get(traceId) ?? { request, names: new Map<string, string | undefined>() };
      const known = trace.names.get(spanId);
      trace.names.set(spanId, trace.names.has(spanId) && known !== name ? undefined : name);
      this.#traces.set(traceId, trace);
    }
  }

  requestOf(traceId: string): number {
    return this.#traces.get(traceId)?.request ?? 0;
  }

  /** What is wrong with a trace as it was read; undefined where each acknowledged span is there once and no other is. */
  findLoss(traceId: string, data: TracesData | undefined): string | undefined {
    const expected = this.#traces.get(traceId)?.names ?? new Map<string, string | undefined>();
    if (data === undefined) return `trace ${traceId} is gone: ${expected.size} spans of it were acknowledged`;
    const seen = new Set<string>();
    for (const { spanId, name } of flattenTracesData(data)) {
      if (seen.has(spanId)) return `span ${spanId} of trace ${traceId} is there twice`;
      if (!expected.has(spanId)) return `span ${spanId} of trace ${traceId} was never acknowledged`;
      if ((expected.get(spanId) ?? name) !== name)
        return `span ${spanId} of trace ${traceId} has another name: ${name}`;
      seen.add(spanId);
    }
    const lost = [...expected.keys()].find((spanId) => !seen.has(spanId));
    return lost === undefined ? undefined : `span ${lost} of trace ${traceId} is gone`;
  }
}
