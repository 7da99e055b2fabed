import type { SpanContext } from '@opentelemetry/api';
import type { AttributeBag } from './attribute-bag.ts';

/** Everything that is written of a span when it ends. Alive only during the call that writes it. */
export interface SpanRecord {
  readonly context: SpanContext;
  readonly parentSpanId: string;
  readonly isParentRemote: boolean;
  readonly name: string;
  /** The API's kind, 0 (internal) to 4; OTLP's is one more. */
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: AttributeBag;
  readonly events: readonly EventRecord[] | undefined;
  readonly droppedEventsCount: number;
  readonly links: readonly LinkRecord[] | undefined;
  readonly droppedLinksCount: number;
  readonly statusCode: number;
  readonly statusMessage: string;
}

export interface EventRecord {
  timeUnixNano: bigint;
  name: string;
  attributes: AttributeBag;
}

export interface LinkRecord {
  traceId: string;
  spanId: string;
  traceState: string;
  traceFlags: number;
  isRemote: boolean;
  attributes: AttributeBag;
}

/** The library that made the span, as given to getTracer. One object per library: it is compared by identity. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
}

/** Where a finished span goes. It must copy what it needs: the record is not kept. It never throws. */
export interface SpanSink {
  accept: (scope: Scope, span: SpanRecord) => void;
}
