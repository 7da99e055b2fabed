import { SpanKind, SpanStatusCode, context as contextApi, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanOptions } from '@opentelemetry/api';
import { extractMessage, injectMessage, messageLinks } from './message-context.ts';
import type { MessageHeaders, ReceivedMessage } from './message-context.ts';

/** Where messages go through, in the words of the messaging conventions. */
export interface MessageQueue {
  /** messaging.system: `kafka`, `rabbitmq`, `aws_sqs`, or a name of your own. */
  system: string;
  /** messaging.destination.name: the queue or topic. */
  destination: string;
}

type Work<Result> = (span: Span) => Result;

/** Runs `send` in a producer span, `send orders`, after its context was put into the headers. */
export function traceSend<Result>(queue: MessageQueue, headers: MessageHeaders, send: Work<Result>): Result {
  return runInSpan(describe(queue, 'send', SpanKind.PRODUCER), contextApi.active(), (span) => {
    injectMessage(headers);
    return send(span);
  });
}

/** Runs `work` in a consumer span, `process orders`, which goes on with the message's trace. */
export function traceProcess<Result>(queue: MessageQueue, message: ReceivedMessage, work: Work<Result>): Result {
  const id = message.id === undefined ? {} : { 'messaging.message.id': message.id };
  return runInSpan(describe(queue, 'process', SpanKind.CONSUMER, id), extractMessage(message.headers), work);
}

/**
 * Runs `work` in one consumer span for all messages, a trace of its own (or under the active span) with a link to each
 * message's producer: one parent cannot say where many messages came from. Beyond OTEL_SPAN_LINK_COUNT_LIMIT links are
 * dropped and counted.
 */
export function traceProcessBatch<Result>(
  queue: MessageQueue,
  messages: readonly ReceivedMessage[],
  work: Work<Result>,
): Result {
  const options = describe(queue, 'process', SpanKind.CONSUMER, { 'messaging.batch.message_count': messages.length });
  return runInSpan({ ...options, links: messageLinks(messages) }, contextApi.active(), work);
}

interface SpanDescription extends SpanOptions {
  name: string;
}

function describe(queue: MessageQueue, operation: 'send' | 'process', kind: SpanKind, more: Attributes = {}) {
  return {
    name: `${operation} ${queue.destination}`,
    kind,
    attributes: {
      'messaging.system': queue.system,
      'messaging.destination.name': queue.destination,
      'messaging.operation.name': operation,
      'messaging.operation.type': operation,
      ...more,
    },
  };
}

/** The span ends when the work does, a promise when it is settled; what is thrown is noted and thrown on. */
function runInSpan<Result>({ name, ...options }: SpanDescription, parent: Context, work: Work<Result>): Result {
  const span = trace.getTracer('@tracelab/tracer/messages').startSpan(name, options, parent);
  let isWaiting = false;
  try {
    const result = contextApi.with(trace.setSpan(parent, span), work, undefined, span);
    if (!isThenable(result)) return result;
    isWaiting = true;
    return endWhenSettled(span, result) as Result;
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    if (!isWaiting) span.end();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

async function endWhenSettled(span: Span, pending: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await pending;
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function noteError(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setAttribute('error.type', error instanceof Error ? error.name : '_OTHER');
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.recordException(error instanceof Error ? error : message);
}
