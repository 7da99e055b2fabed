import { attributeOf } from '@tracelab/model';
import { SpanKind } from '@tracelab/protocol';
import type { Span } from '@tracelab/protocol';

/**
 * Whom a client span calls, short: `127.0.0.1:4606/charge`. The stable HTTP conventions name a client span by its method
 * alone, so that without this all outgoing calls of a service look alike. Empty for other spans, and where nothing says.
 */
export function callTarget(span: Span): string {
  if (span.kind !== SpanKind.client && span.kind !== SpanKind.producer) return '';
  const url = textOf(span, 'url.full');
  if (url !== '') return url.replace(/^[a-z][a-z\d+.-]*:\/\//i, '').replace(/[?#].*$/, '');
  const address = textOf(span, 'server.address');
  const port = textOf(span, 'server.port');
  return address !== '' && port !== '' ? `${address}:${port}` : address;
}

/** What a server span without a route was asked for: such spans are named by their method alone, so all would look alike. */
export function servedPath(span: Span): string {
  return span.kind === SpanKind.server && textOf(span, 'http.route') === '' ? textOf(span, 'url.path') : '';
}

function textOf(span: Span, key: string): string {
  const value = attributeOf(span.attributes, key);
  return typeof value === 'string' || typeof value === 'bigint' ? String(value) : '';
}
