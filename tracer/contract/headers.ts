import { ROOT_CONTEXT, propagation } from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';
import { below } from './remote-parent.ts';

/** What a server finds in these headers. */
export function extract(headers: Readonly<Record<string, unknown>>): Context {
  return propagation.extract(ROOT_CONTEXT, headers);
}

/** The headers that a client puts on a request made in this context. */
export function inject(context: Context): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context, carrier);
  return carrier;
}

export function headersFor(span: Partial<SpanContext>): Record<string, string> {
  return inject(below(span));
}
