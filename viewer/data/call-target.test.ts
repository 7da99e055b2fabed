import assert from 'node:assert/strict';
import { it } from 'node:test';
import { emptySpan, SpanKind, type AnyValue, type Span } from '@tracelab/protocol';
import { callTarget, servedPath } from './call-target.ts';

function spanOf(kind: Span['kind'], attributes: Record<string, AnyValue>): Span {
  return { ...emptySpan(), kind, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) };
}

it('a client span says whom it calls: the URL without scheme and query, else address and port', () => {
  const target = (attributes: Record<string, AnyValue>, kind: Span['kind'] = SpanKind.client): string =>
    callTarget(spanOf(kind, attributes));
  assert.equal(target({ 'url.full': 'http://127.0.0.1:4606/charge?card=REDACTED' }), '127.0.0.1:4606/charge');
  assert.equal(target({ 'server.address': 'db', 'server.port': 5432n }), 'db:5432');
  assert.equal(target({ 'server.address': 'db' }), 'db');
  assert.equal(target({}), '');
  assert.equal(target({ 'url.full': 'http://x/y' }, SpanKind.server), '');
});

it('a server span that knows no route says which path was asked for', () => {
  const served = (attributes: Record<string, AnyValue>, kind: Span['kind'] = SpanKind.server): string =>
    servedPath(spanOf(kind, attributes));
  assert.equal(served({ 'url.path': '/stock/mug' }), '/stock/mug');
  assert.equal(served({ 'url.path': '/stock/mug', 'http.route': '/stock/:sku' }), '');
  assert.equal(served({ 'url.path': '/stock/mug' }, SpanKind.internal), '');
  assert.equal(served({}), '');
});
