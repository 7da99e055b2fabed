import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { it } from 'node:test';
import * as fc from 'fast-check';
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

it('finds what is there, in any list of headers', () => {
  const name = fc.constantFrom('host', 'Host', 'HOST', 'hos', 'hosts', 'best', '', 'hoſt');
  const value = fc.constantFrom('', 'a', 'b', 'host', 'Host');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (headers) => {
      const carrier = { rawHeaders: headers.flat() } as IncomingMessage;
      const values = headers.filter(([each]) => each.toLowerCase() === 'host').map(([, each]) => each);
      assert.deepEqual([rawHeaderGetter.get(carrier, 'host')].flat(), values.length === 0 ? [undefined] : values);
      assert.equal(firstHeader(carrier, 'host'), values[0]);
      assert.deepEqual(
        rawHeaderGetter.keys(carrier),
        headers.map(([each]) => each),
      );
    }),
  );
});
