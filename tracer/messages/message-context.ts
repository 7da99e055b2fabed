import { ROOT_CONTEXT, context as contextApi, propagation, trace } from '@opentelemetry/api';
import type { Context, Link, TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** A message's headers (properties, attributes): names with texts, or bytes, as the clients of Kafka give them. */
export type MessageHeaders = Record<string, unknown>;

/** What a consumer knows of one message; both may be missing. */
export interface ReceivedMessage {
  headers?: MessageHeaders | null | undefined;
  /** The broker's or the producer's identifier of the message. */
  id?: string | undefined;
}

const SETTER: TextMapSetter<MessageHeaders> = {
  set: (headers, name, value) => {
    headers[name] = value;
  },
};

const GETTER: TextMapGetter<MessageHeaders> = {
  get: (headers, name) => {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value.map(readText).filter((text) => text !== undefined) : readText(value);
  },
  keys: (headers) => Object.keys(headers),
};

function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : undefined;
}

/** Puts a context (trace, baggage: whatever OTEL_PROPAGATORS names) into a message's headers, and returns them. */
export function injectMessage<Headers extends MessageHeaders>(
  headers: Headers,
  context: Context = contextApi.active(),
): Headers {
  propagation.inject(context, headers, SETTER);
  return headers;
}

/**
 * The context that a message carries. Where it has none, or a malformed one, what is handed in comes back: not the active
 * context, since the loop that polls a queue has nothing to do with who sent the message.
 */
export function extractMessage(headers: ReceivedMessage['headers'], context: Context = ROOT_CONTEXT): Context {
  return headers ? propagation.extract(context, headers, GETTER) : context;
}

/** A link to each message's producer, in their order; messages without a context have none. */
export function messageLinks(messages: Iterable<ReceivedMessage>): Link[] {
  const links: Link[] = [];
  for (const { headers, id } of messages) {
    const context = trace.getSpanContext(extractMessage(headers));
    if (context === undefined) continue;
    links.push(id === undefined ? { context } : { context, attributes: { 'messaging.message.id': id } });
  }
  return links;
}
