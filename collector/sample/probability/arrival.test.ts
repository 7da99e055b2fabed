import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatThreshold, probabilityFromThreshold, THRESHOLD_NEVER } from '@tracelab/protocol';
import { gather } from '../../fixtures/decided.ts';
import { spanIdFor } from '../../fixtures/make-trace.ts';
import type { TraceView } from '../buffer/trace-view.ts';
import { thresholdOfShare } from './choose-share.ts';

/** R is f0000000000000 unless its spans say otherwise. */
function traceWith(...traceStates: string[]): TraceView {
  return gather(
    traceStates.map((traceState, index) => ({
      traceId: `${'a'.repeat(18)}f0000000000000`,
      spanId: spanIdFor(index),
      traceState,
    })),
  );
}

function arrived(...traceStates: string[]): string {
  const { arrivalThreshold } = traceWith(...traceStates);
  return arrivalThreshold === undefined ? 'unknown' : formatThreshold(arrivalThreshold);
}

describe('the arrival of a trace', () => {
  it('has the lowest threshold of its spans, whichever came first, and 0 where one has none', () => {
    assert.equal(arrived('ot=th:c', 'ot=th:8', 'ot=th:e'), '8');
    assert.equal(arrived('ot=th:c', ''), '0');
    assert.equal(arrived('ot=th:c', 'vendor=1'), '0');
    assert.equal(arrived(''), '0');
  });

  it('is unknown where the randomness cannot have passed it', () => {
    assert.equal(arrived('ot=th:f8'), 'unknown');
    assert.equal(arrived('ot=th:f8', 'ot=th:c'), 'c');
    assert.equal(arrived('ot=th:c;rv:10000000000000'), 'unknown');
  });

  it('has the randomness that its first span with one says, else that of its id', () => {
    const { randomness } = traceWith('vendor=1', 'ot=th:1;rv:12345678abcdef', 'ot=rv:00000000000000');
    assert.deepEqual(randomness, { high: 0x123456, low: 0x78abcdef });
    assert.deepEqual(traceWith('').randomness, { high: 0xf00000, low: 0 });
  });
});

describe('thresholdOfShare', () => {
  it('is in proportion to how probable it is that the trace arrives', () => {
    assert.equal(formatThreshold(thresholdOfShare(0.25, traceWith('ot=th:f'))), 'fc');
    assert.equal(probabilityFromThreshold(thresholdOfShare(0.25, traceWith('ot=th:f'))), 1 / 64);
    assert.equal(formatThreshold(thresholdOfShare(0.25, traceWith(''))), 'c');
  });

  it('takes an arrival of unknown probability as certain, and has no threshold for nothing', () => {
    assert.equal(formatThreshold(thresholdOfShare(0.5, traceWith('ot=th:f8'))), '8');
    assert.equal(formatThreshold(thresholdOfShare(1, traceWith('ot=th:f'))), '0');
    assert.equal(thresholdOfShare(0, traceWith('')), THRESHOLD_NEVER);
  });
});
