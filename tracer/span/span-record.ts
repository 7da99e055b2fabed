import type { TraceState } from '@opentelemetry/api';
import type { ClockAnchor } from '../clock/span-clock.ts';
import type { SpanTime } from '../clock/span-time.ts';
import type { AttributeBag } from './attribute-bag.ts';
import type { SpanId } from './span-id.ts';
import type { TraceId } from './trace-id.ts';

/** Everything that is written of a span when it ends. Alive only during the call that writes it. */
export interface SpanRecord {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceFlags: number;
  readonly traceState: TraceState | undefined;
  /** Undefined: a root. */
  readonly parentSpanId: SpanId | undefined;
  readonly isParentRemote: boolean;
  readonly name: string;
  /** The API's kind, 0 (internal) to 4; OTLP's is one more. */
  readonly kind: number;
  /** What the times are measured from. */
  readonly anchor: ClockAnchor;
  readonly startTime: SpanTime;
  readonly endTime: SpanTime;
  readonly attributes: AttributeBag | undefined;
  readonly events: Listed<EventRecord> | undefined;
  readonly links: Listed<LinkRecord> | undefined;
  readonly statusCode: number;
  readonly statusMessage: string;
}

/** What is there, and how many were dropped at the limit. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly droppedCount: number;
}

export interface EventRecord {
  time: SpanTime;
  name: string;
  attributes: AttributeBag;
}

export interface LinkRecord {
  traceId: TraceId;
  spanId: SpanId;
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
