import {
  createIdGenerator,
  emptyResourceSpans,
  emptyScopeSpans,
  emptySpan,
  encodeTracesData,
  SpanKind,
  type KeyValue,
  type Span,
} from '@tracelab/protocol';
import { randomBelow, type Random } from '../target/random.ts';
import type { Recording } from './recording.ts';

/** OpenTelemetry's own performance-benchmark.md: ten attributes of twenty characters. */
export const ATTRIBUTES = 10;
export const VALUE_CHARACTERS = 20;
export const SPANS_PER_TRACE = 10;
/** 500 spans: nearly the 512 that a tracer's full batch has. */
const TRACES_PER_REQUEST = 50;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SAME_VALUE = 'the same in each one';
const SPAN_MS_MAX = 20;

export interface AttributeTracesPlan {
  /** `random`: nothing that compression could find twice; `same`: all that it could. */
  values: 'random' | 'same';
  traces: number;
  /** When the first trace starts. */
  startUnixMs: number;
  random: Random;
}

/** Traces of one service: a root and its children, names as few as a real service's, ids and times random as they always are. */
export function drawAttributeTraces({ values, traces, startUnixMs, random }: AttributeTracesPlan): Recording {
  const ids = createIdGenerator((bytes) => bytes.forEach((_, at) => (bytes[at] = randomBelow(256, random))));
  const valueOf = values === 'same' ? () => SAME_VALUE : () => drawText(random);
  const requests: Uint8Array[] = [];
  for (let from = 0; from < traces; from += TRACES_PER_REQUEST) {
    const count = Math.min(TRACES_PER_REQUEST, traces - from);
    const spans = Array.from({ length: count }, (_, index) =>
      drawTrace({ ids, startUnixMs: startUnixMs + from + index, random, valueOf }),
    );
    requests.push(encodeSpans(spans.flat()));
  }
  return { title: `${ATTRIBUTES} attributes, ${values} values`, requests, spans: traces * SPANS_PER_TRACE, traces };
}

interface TraceDraw {
  ids: ReturnType<typeof createIdGenerator>;
  startUnixMs: number;
  random: Random;
  valueOf: () => string;
}

function drawTrace({ ids, startUnixMs, random, valueOf }: TraceDraw): Span[] {
  const traceId = ids.traceId();
  const rootId = ids.spanId();
  return Array.from({ length: SPANS_PER_TRACE }, (_, index): Span => {
    const isRoot = index === 0;
    const startNs = BigInt(startUnixMs) * 1_000_000n + BigInt(randomBelow(1_000_000, random));
    return {
      ...emptySpan(),
      traceId,
      spanId: isRoot ? rootId : ids.spanId(),
      parentSpanId: isRoot ? '' : rootId,
      name: isRoot ? 'GET /orders/:id' : `step ${index}`,
      kind: isRoot ? SpanKind.server : SpanKind.internal,
      startTimeUnixNano: startNs,
      endTimeUnixNano: startNs + BigInt(randomBelow(SPAN_MS_MAX * 1_000_000, random)),
      attributes: Array.from({ length: ATTRIBUTES }, (__, at): KeyValue => ({
        key: `attribute.${at}`,
        value: valueOf(),
      })),
    };
  });
}

function encodeSpans(spans: Span[]): Uint8Array {
  const resourceSpans = emptyResourceSpans();
  resourceSpans.resource.attributes.push({ key: 'service.name', value: 'attributes' });
  const scopeSpans = emptyScopeSpans();
  scopeSpans.scope.name = 'span-bytes';
  scopeSpans.spans.push(...spans);
  resourceSpans.scopeSpans.push(scopeSpans);
  return encodeTracesData({ resourceSpans: [resourceSpans] });
}

function drawText(random: Random): string {
  let text = '';
  while (text.length < VALUE_CHARACTERS) text += ALPHABET[randomBelow(ALPHABET.length, random)];
  return text;
}
