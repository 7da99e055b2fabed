import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { it } from 'node:test';
import { firstHeader, rawHeaderGetter } from './raw-headers.ts';

const request = {
  rawHeaders: ['Host', 'a:1', 'TraceParent', 'one', 'tracestate', 'x=1', 'Tracestate', 'y=2', 'TRACESTATE', 'z=3'],
} as IncomingMessage;

it('finds a header whatever the case of its name, and all values of a repeated one in order', () => {
  assert.equal(rawHeaderGetter.get(request, 'traceparent'), 'one');
  assert.deepEqual(rawHeaderGetter.get(request, 'tracestate'), ['x=1', 'y=2', 'z=3']);
  assert.equal(rawHeaderGetter.get(request, 'baggage'), undefined);
  assert.deepEqual(rawHeaderGetter.keys(request).slice(0, 2), ['Host', 'TraceParent']);
});

it('takes the first value where only one may be', () => {
  assert.equal(firstHeader(request, 'tracestate'), 'x=1');
  assert.equal(firstHeader(request, 'cookie'), undefined);
});
