import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createPropagator } from './composite.ts';

it('only the configured propagators act, and name their fields', () => {
  assert.deepEqual(createPropagator([]).fields(), []);
  assert.deepEqual(createPropagator(['tracecontext', 'baggage']).fields(), ['traceparent', 'tracestate', 'baggage']);
});
