import { SpanStatusCode } from '@opentelemetry/api';
import type {
  AttributeValue,
  Attributes,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import { nanosFromMillis } from '../clock/span-clock.ts';
import type { SpanClock } from '../clock/span-clock.ts';
import { unixNanoFromTimeInput } from '../clock/time-input.ts';
import { asText } from './as-text.ts';
import { AttributeBag } from './attribute-bag.ts';
import { exceptionAttributes } from './exception-attributes.ts';
import { linkRecord } from './link-record.ts';
import type { SpanLimits } from './span-limits.ts';
import type { EventRecord, LinkRecord, Scope, SpanRecord, SpanSink } from './span-record.ts';

/** What all spans of a provider share. */
export interface SpanHome {
  clock: SpanClock;
  limits: SpanLimits;
  sink: SpanSink;
}

/** How a span begins; everything here is decided before the span exists. */
export interface SpanBirth {
  scope: Scope;
  context: SpanContext;
  parent: SpanContext | undefined;
  /** The parent where it is a recording span of this process: its clock anchor is ours too. */
  localParent: RecordingSpan | undefined;
  name: string;
  kind: number;
  startTime: TimeInput | undefined;
}

/** A sampled span. It lives until end(), which writes it to the sink and lets go of everything it held. */
export class RecordingSpan implements Span, SpanRecord {
  readonly context: SpanContext;
  readonly parentSpanId: string;
  readonly isParentRemote: boolean;
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly #home: SpanHome;
  readonly #scope: Scope;
  /** Unix time at monotonic zero. */
  readonly #anchorUnixNano: bigint;
  name: string;
  endTimeUnixNano = 0n;
  attributes: AttributeBag;
  events: EventRecord[] | undefined;
  droppedEventsCount = 0;
  links: LinkRecord[] | undefined;
  droppedLinksCount = 0;
  statusCode: SpanStatusCode = SpanStatusCode.UNSET;
  statusMessage = '';
  #isEnded = false;

  constructor(home: SpanHome, birth: SpanBirth) {
    this.#home = home;
    this.#scope = birth.scope;
    this.context = birth.context;
    this.parentSpanId = birth.parent?.spanId ?? '';
    this.isParentRemote = birth.parent?.isRemote === true;
    this.name = birth.name;
    this.kind = birth.kind;
    this.attributes = new AttributeBag(home.limits.attributes);
    const nowMs = home.clock.monotonicMs();
    const { localParent } = birth;
    this.#anchorUnixNano = localParent === undefined ? home.clock.anchorFor(nowMs) : localParent.#anchorUnixNano;
    this.startTimeUnixNano = this.#givenTime(birth.startTime) ?? this.#anchorUnixNano + nanosFromMillis(nowMs);
  }

  spanContext(): SpanContext {
    return this.context;
  }

  isRecording(): boolean {
    return !this.#isEnded;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (!this.#isEnded) this.attributes.set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (!this.#isEnded) this.attributes.setAll(attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isEnded) return this;
    this.events ??= [];
    if (this.events.length >= this.#home.limits.eventCountMax) {
      this.droppedEventsCount++;
      return this;
    }
    const isTime = isTimeInput(attributesOrTime);
    const attributes = new AttributeBag(this.#home.limits.eventAttributes);
    if (!isTime) attributes.setAll(attributesOrTime);
    const timeUnixNano = this.#givenTime(isTime ? attributesOrTime : time) ?? this.#now();
    this.events.push({ name: asText(name), timeUnixNano, attributes });
    return this;
  }

  addLink(link: Link): this {
    if (this.#isEnded) return this;
    const record = linkRecord(link, this.#home.limits.linkAttributes);
    if (record === undefined) return this;
    this.links ??= [];
    if (this.links.length >= this.#home.limits.linkCountMax) this.droppedLinksCount++;
    else this.links.push(record);
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** Specification, Set Status: ok is final, unset is never set again, a description belongs to errors only. */
  setStatus(status: SpanStatus): this {
    if (this.#isEnded || this.statusCode === SpanStatusCode.OK) return this;
    if (status?.code !== SpanStatusCode.OK && status?.code !== SpanStatusCode.ERROR) return this;
    this.statusCode = status.code;
    this.statusMessage = status.code === SpanStatusCode.ERROR ? asText(status.message) : '';
    return this;
  }

  updateName(name: string): this {
    if (!this.#isEnded) this.name = asText(name);
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', exceptionAttributes(exception), time);
  }

  /** Only the first call counts. An end before the start becomes the start: receivers refuse such spans otherwise. */
  end(endTime?: TimeInput): void {
    if (this.#isEnded) return;
    const end = this.#givenTime(endTime) ?? this.#now();
    this.endTimeUnixNano = end < this.startTimeUnixNano ? this.startTimeUnixNano : end;
    this.#isEnded = true;
    this.#home.sink.accept(this.#scope, this);
    this.#letGo();
  }

  /** A context that outlives the span (a timer, a pooled connection) must not keep its data alive. */
  #letGo(): void {
    this.attributes = new AttributeBag(this.#home.limits.attributes);
    this.events = undefined;
    this.links = undefined;
  }

  #now(): bigint {
    return this.#anchorUnixNano + nanosFromMillis(this.#home.clock.monotonicMs());
  }

  #givenTime(time: TimeInput | undefined): bigint | undefined {
    if (time === undefined) return undefined;
    return unixNanoFromTimeInput(time, { nowMs: this.#home.clock.monotonicMs(), anchorUnixNano: this.#anchorUnixNano });
  }
}

function isTimeInput(value: Attributes | TimeInput | undefined): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}
