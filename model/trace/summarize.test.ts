import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { StatusCode, emptyResource } from '@tracelab/protocol';
import { arbitraryRedelivery, flattenAll, makeSpan, TRACE_ID } from '../test-kit/arbitrary-spans.ts';
import { serviceNameOf } from './flatten.ts';
import { summarizeTrace } from './summarize.ts';

const failed = { code: StatusCode.error, message: 'no' };
const root = makeSpan(1, 0, { name: 'POST /checkout', startTimeUnixNano: 100n, endTimeUnixNano: 900n });
const child = makeSpan(2, 1, { serviceName: 'bank', startTimeUnixNano: 200n, endTimeUnixNano: 1000n, status: failed });

describe('summarizeTrace', () => {
  it('names the root, and counts spans and errors by service', () => {
    assert.deepEqual(summarizeTrace([child, root, child], false), {
      traceId: TRACE_ID,
      rootService: 'gateway',
      rootName: 'POST /checkout',
      startTimeUnixNano: '100',
      durationNano: '900',
      spanCount: 2,
      errorCount: 1,
      services: [
        { service: 'bank', spanCount: 1, errorCount: 1 },
        { service: 'gateway', spanCount: 1, errorCount: 0 },
      ],
      pending: false,
    });
  });

  it('has no root name while the root has not arrived', () => {
    const { rootService, rootName, pending } = summarizeTrace([child], true);
    assert.deepEqual([rootService, rootName, pending], ['', '', true]);
  });

  it('is the same for any order and repetition of the spans', () => {
    fc.assert(
      fc.property(arbitraryRedelivery, ({ once, again }) =>
        assert.deepEqual(summarizeTrace(flattenAll(again), false), summarizeTrace(flattenAll(once), false)),
      ),
    );
  });
});

describe('serviceNameOf', () => {
  it('is unknown_service where the resource gives no text, and the last one where it gives two', () => {
    const named = (...values: (string | bigint)[]): string =>
      serviceNameOf({ ...emptyResource(), attributes: values.map((value) => ({ key: 'service.name', value })) });
    assert.deepEqual([named(), named(''), named(5n)], ['unknown_service', 'unknown_service', 'unknown_service']);
    assert.equal(named('old', 'new'), 'new');
  });
});
