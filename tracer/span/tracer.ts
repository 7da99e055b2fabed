import { INVALID_SPAN_CONTEXT, ROOT_CONTEXT, SpanKind, context as contextApi, trace } from '@opentelemetry/api';
import type { Context, Span, SpanContext, SpanOptions, Tracer } from '@opentelemetry/api';
import { ContextWithSpan, spanIn } from '../context/context-with-span.ts';
import { isTracingSuppressed } from '../context/suppress.ts';
import type { ContextAttributes } from '../propagate/baggage-attributes.ts';
import type { Sampler, SamplingParent, SamplingResult } from '../sample/sampler.ts';
import { asText } from './as-text.ts';
import { attempt } from './attempt.ts';
import { NonRecordingSpan } from './non-recording-span.ts';
import { RecordingSpan } from './recording-span.ts';
import type { SpanHome, SpanOrigin } from './recording-span.ts';
import { identityOf } from './identity-of.ts';
import { randomFlagUnder } from './span-identity.ts';
import type { Scope } from './span-record.ts';

/** What all tracers of a provider share. The sampler changes while running: always read it from here. */
export interface TracerHome extends SpanHome {
  sampler: Sampler;
  /** Undefined where spans take nothing over from their context. */
  contextAttributes: ContextAttributes | undefined;
  counts: { spansCreated: number; spansSampled: number };
}

const NO_OPTIONS: SpanOptions = {};
const SUPPRESSED = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Makes the spans of one library. */
export class SpanTracer implements Tracer {
  readonly #home: TracerHome;
  readonly #origin: SpanOrigin;

  constructor(home: TracerHome, scope: Scope) {
    this.#home = home;
    this.#origin = { home, scope };
  }

  /** Options and context that throw as they are read are left out: tracing never breaks an application. */
  startSpan(name: string, options?: SpanOptions, context: Context = contextApi.active()): Span {
    try {
      return this.#start(name, options ?? NO_OPTIONS, context);
    } catch {
      return this.#start(name, NO_OPTIONS, ROOT_CONTEXT);
    }
  }

  /** The specification's order: trace id, sampler, then always a new span id, for a dropped span too. */
  #start(name: string, options: SpanOptions, context: Context): Span {
    if (isTracingSuppressed(context)) return SUPPRESSED;
    const home = this.#home;
    const current = currentSpan(options, context);
    const parent = current === undefined ? undefined : identityOf(current);
    const traceId = parent === undefined ? home.ids.traceId() : parent.traceId;
    const decision = home.sampler.sample(traceId, parent ?? decisionOf(current), name, options);
    const traceState = decision.traceState ?? parent?.traceState;
    const kind = asKind(options.kind);
    const { startTime } = options;
    // What is counted exists: from here on nothing throws.
    home.counts.spansCreated++;
    if (!decision.isSampled)
      return new NonRecordingSpan(traceId, home.ids.spanId(), randomFlagUnder(parent), traceState);
    home.counts.spansSampled++;
    const span = new RecordingSpan(this.#origin, traceId, parent, traceState);
    span.name = asText(name);
    span.kind = kind;
    if (startTime !== undefined) span.startAt(startTime);
    this.#fill(span, options, decision, context);
    return span;
  }

  /** Later ones win: what the application says goes over what it inherits. */
  #fill(span: RecordingSpan, options: SpanOptions, decision: SamplingResult, context: Context): void {
    const { contextAttributes } = this.#home;
    if (contextAttributes !== undefined) span.setAttributes(attempt(contextAttributes, context) ?? {});
    if (decision.attributes) span.setAttributes(decision.attributes);
    try {
      if (options.attributes) span.setAttributes(options.attributes);
      if (options.links) span.addLinks(options.links);
    } catch {
      // A getter of the application.
    }
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    fn: F,
  ): ReturnType<F>;
  /** The three overloads: (fn), (options, fn), (options, context, fn). */
  startActiveSpan(name: string, optionsOrFn: unknown, contextOrFn?: unknown, last?: unknown): unknown {
    const fn = isFunction(optionsOrFn) ? optionsOrFn : isFunction(contextOrFn) ? contextOrFn : last;
    if (!isFunction(fn)) {
      const given = typeof (last ?? contextOrFn ?? optionsOrFn);
      throw new TypeError(`startActiveSpan: the last argument should be a function: was ${given}`);
    }
    const options = fn === optionsOrFn ? undefined : (optionsOrFn as SpanOptions | undefined);
    const context = (fn === last ? (contextOrFn as Context | undefined) : undefined) ?? contextApi.active();
    const span = this.startSpan(name, options, context);
    return contextApi.with(ContextWithSpan.from(context, span), fn, undefined, span);
  }
}

type ActiveSpanFunction = (span: Span) => unknown;

function isFunction(value: unknown): value is ActiveSpanFunction {
  return typeof value === 'function';
}

function currentSpan(options: SpanOptions, context: Context): Span | undefined {
  return options.root === true ? undefined : spanIn(context);
}

/** A caller's decision that came without ids (B3) is no parent, but the sampler sees its flag. */
function decisionOf(span: Span | undefined): SamplingParent | undefined {
  const context = span === undefined ? undefined : attempt(contextOf, span);
  if (context?.isRemote !== true) return undefined;
  return { traceFlags: context.traceFlags, isRemote: true, traceState: undefined };
}

function contextOf(span: Span): SpanContext {
  return span.spanContext();
}

function asKind(kind: SpanKind | undefined): SpanKind {
  return typeof kind === 'number' && SpanKind[kind] !== undefined ? kind : SpanKind.INTERNAL;
}
