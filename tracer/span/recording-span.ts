import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type {
  AttributeValue,
  Attributes,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanStatus,
  TimeInput,
  TraceState,
} from '@opentelemetry/api';
import { TRACE_FLAG_SAMPLED } from '@tracelab/protocol';
import type { ClockAnchor, SpanClock } from '../clock/span-clock.ts';
import { isEarlier, timeFromInput } from '../clock/span-time.ts';
import type { SpanTime } from '../clock/span-time.ts';
import { asText } from './as-text.ts';
import { attempt } from './attempt.ts';
import { AttributeBag } from './attribute-bag.ts';
import { BoundedList } from './bounded-list.ts';
import { exceptionAttributes } from './exception-attributes.ts';
import { linkRecord } from './link-record.ts';
import type { IdPool } from './id-pool.ts';
import type { SpanId } from './span-id.ts';
import { randomFlagUnder, spanContextOf } from './span-identity.ts';
import type { SpanIdentity } from './span-identity.ts';
import type { SpanLimits } from './span-limits.ts';
import type { EventRecord, LinkRecord, Scope, SpanRecord, SpanSink } from './span-record.ts';
import type { TraceId } from './trace-id.ts';

/** What all spans of a provider share. */
export interface SpanHome {
  ids: IdPool;
  clock: SpanClock;
  limits: SpanLimits;
  sink: SpanSink;
}

/** What all spans of a library share. */
export interface SpanOrigin {
  home: SpanHome;
  scope: Scope;
}

/** A sampled span. It lives until end(), which writes it to the sink and lets go of everything it held. */
export class RecordingSpan implements Span, SpanIdentity, SpanRecord {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceFlags: number;
  readonly traceState: TraceState | undefined;
  readonly parentSpanId: SpanId | undefined;
  readonly isParentRemote: boolean;
  readonly anchor: ClockAnchor;
  readonly #origin: SpanOrigin;
  name = '';
  kind: SpanKind = SpanKind.INTERNAL;
  startTime: SpanTime;
  endTime: SpanTime = Number.NaN;
  attributes: AttributeBag | undefined;
  events: BoundedList<EventRecord> | undefined;
  links: BoundedList<LinkRecord> | undefined;
  statusCode: SpanStatusCode = SpanStatusCode.UNSET;
  statusMessage = '';
  #isEnded = false;
  #context: SpanContext | undefined;

  /** It starts now. Name, kind and another start time are the tracer's to set: an object of options costs as much as the span. */
  constructor(
    origin: SpanOrigin,
    traceId: TraceId,
    parent: SpanIdentity | undefined,
    traceState: TraceState | undefined,
  ) {
    this.traceId = traceId;
    this.spanId = origin.home.ids.spanId();
    this.traceFlags = randomFlagUnder(parent) | TRACE_FLAG_SAMPLED;
    this.traceState = traceState;
    this.#origin = origin;
    this.parentSpanId = parent?.spanId;
    this.isParentRemote = parent?.isRemote === true;
    const { clock } = origin.home;
    const nowMs = clock.monotonicMs();
    // A parent that is a recording span of this process lends its anchor, so that a trace is never torn inside a process.
    this.anchor = parent instanceof RecordingSpan ? parent.anchor : clock.anchorAt(nowMs);
    this.startTime = nowMs;
  }

  /** Before anything is known of the span: it started when the caller says. */
  startAt(time: TimeInput): void {
    this.startTime = this.#timeOf(time);
  }

  get isRemote(): boolean {
    return false;
  }

  /** The same object at each call, a plain one: applications spread and compare it. */
  spanContext(): SpanContext {
    return (this.#context ??= spanContextOf(this));
  }

  isRecording(): boolean {
    return !this.#isEnded;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (!this.#isEnded) this.#bag().set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (!this.#isEnded) this.#bag().setAll(attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isEnded) return this;
    this.events ??= new BoundedList();
    if (!this.events.takesOneMore(this.#origin.home.limits.eventCountMax)) return this;
    const isTime = isTimeInput(attributesOrTime);
    const attributes = new AttributeBag(this.#origin.home.limits.eventAttributes);
    if (!isTime) attributes.setAll(attributesOrTime);
    this.events.items.push({ name: asText(name), time: this.#timeOf(isTime ? attributesOrTime : time), attributes });
    return this;
  }

  addLink(link: Link): this {
    if (this.#isEnded) return this;
    const record = linkRecord(link, this.#origin.home.limits.linkAttributes);
    if (record === undefined) return this;
    this.links ??= new BoundedList();
    if (this.links.takesOneMore(this.#origin.home.limits.linkCountMax)) this.links.items.push(record);
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of attempt(listOf<Link>, links) ?? []) this.addLink(link);
    return this;
  }

  /** Specification, Set Status: ok is final, unset is never set again, a description belongs to errors only. */
  setStatus(status: SpanStatus): this {
    if (this.#isEnded || this.statusCode === SpanStatusCode.OK) return this;
    const given = attempt(readStatus, status);
    if (given?.code !== SpanStatusCode.OK && given?.code !== SpanStatusCode.ERROR) return this;
    this.statusCode = given.code;
    this.statusMessage = given.code === SpanStatusCode.ERROR ? asText(given.message) : '';
    return this;
  }

  updateName(name: string): this {
    if (!this.#isEnded) this.name = asText(name);
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', attempt(exceptionAttributes, exception), time);
  }

  /** Only the first call counts. An end before the start becomes the start: receivers refuse such spans otherwise. */
  end(endTime?: TimeInput): void {
    if (this.#isEnded) return;
    const time = this.#timeOf(endTime);
    this.endTime = isEarlier(time, this.startTime, this.anchor) ? this.startTime : time;
    this.#isEnded = true;
    this.#origin.home.sink.accept(this.#origin.scope, this);
    this.#letGo();
  }

  /** A context that outlives the span (a timer, a pooled connection) must not keep its data alive. */
  #letGo(): void {
    this.attributes = undefined;
    this.events = undefined;
    this.links = undefined;
  }

  #bag(): AttributeBag {
    return (this.attributes ??= new AttributeBag(this.#origin.home.limits.attributes));
  }

  #timeOf(given: TimeInput | undefined): SpanTime {
    const nowMs = this.#origin.home.clock.monotonicMs();
    return (given === undefined ? undefined : timeFromInput(given, nowMs)) ?? nowMs;
  }
}

function isTimeInput(value: Attributes | TimeInput | undefined): value is TimeInput {
  if (typeof value !== 'object') return typeof value === 'number';
  return attempt(isDateOrHrTime, value) === true;
}

function isDateOrHrTime(value: object): boolean {
  return value instanceof Date || Array.isArray(value);
}

function readStatus({ code, message }: SpanStatus): SpanStatus {
  return message === undefined ? { code } : { code, message };
}

function listOf<T>(list: unknown): T[] {
  return Array.isArray(list) ? [...(list as T[])] : [];
}
