import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  encodeTracesData,
  formatThreshold,
  isAtLeast,
  OT_THRESHOLD,
  parseRandomness,
  parseThreshold,
  parseTracestate,
  THRESHOLD_ALWAYS,
  type Bits56,
} from '@tracelab/protocol';
import * as fc from 'fast-check';
import { scanRequest } from '../../receive/scan-request.ts';
import { spanBytesAt } from '../../receive/span-batch.ts';
import { spanIdFor, tracesOf } from '../../fixtures/make-trace.ts';
import { otMemberOf, readTraceState } from './span-trace-state.ts';
import { stampThreshold } from './stamp-threshold.ts';
import type { Threshold } from './threshold.ts';

function spanWith(traceState: string): Uint8Array {
  const scanned = scanRequest(encodeTracesData(tracesOf([{ spanId: spanIdFor(0), traceState, name: 'pay' }])));
  if (!scanned.ok) throw new Error(scanned.error);
  return spanBytesAt(scanned.value.batch, 0);
}

function bits(digits: string): Bits56 {
  return parseThreshold(digits) ?? THRESHOLD_ALWAYS;
}

const HALF = bits('8');
/** Above one half and below three quarters. */
const RANDOMNESS = bits('9');

function stamped(traceState: string, threshold: Threshold, randomness = RANDOMNESS): string {
  return readTraceState(stampThreshold(spanWith(traceState), randomness, threshold));
}

describe('stampThreshold', () => {
  it('writes th where there is none, in front of what others have written', () => {
    assert.equal(stamped('', HALF), 'ot=th:8');
    assert.equal(stamped('vendor=1', HALF), 'ot=th:8,vendor=1');
    assert.equal(stamped('vendor=1,ot=x:y', HALF), 'ot=th:8;x:y,vendor=1');
  });

  it('only ever raises th', () => {
    assert.equal(stamped('ot=th:4', HALF), 'ot=th:8');
    assert.equal(stamped('ot=th:88', HALF), 'ot=th:88');
    assert.equal(stamped('ot=th:88', THRESHOLD_ALWAYS), 'ot=th:88');
  });

  it('neither adds nor changes th at a probability of 1, and hands the very bytes on', () => {
    for (const traceState of ['', 'vendor=1', 'ot=th:4;rv:90000000000000']) {
      const span = spanWith(traceState);
      assert.equal(stampThreshold(span, RANDOMNESS, THRESHOLD_ALWAYS), span);
    }
  });

  it('erases th where the probability is unknown, or where the randomness cannot have passed it', () => {
    assert.equal(stamped('ot=th:4,vendor=1', undefined), 'vendor=1');
    assert.equal(stamped('ot=th:c;x:y', THRESHOLD_ALWAYS), 'ot=x:y');
    assert.equal(stamped('ot=th:c', HALF), '');
    assert.equal(stamped('ot=th:zz', HALF), '');
  });

  it('believes an explicit randomness and never changes it', () => {
    assert.equal(stamped('ot=th:c;rv:d0000000000000', HALF, bits('1')), 'ot=th:c;rv:d0000000000000');
    assert.equal(stamped('ot=rv:d0000000000000', HALF, bits('1')), 'ot=th:8;rv:d0000000000000');
  });

  it('replaces what cannot be read, and leaves th out of an entry that is full', () => {
    assert.equal(stamped('ot=th', HALF), 'ot=th:8');
    assert.equal(stamped('no list', HALF), 'ot=th:8');
    const full = `x:${'y'.repeat(252)}`;
    assert.equal(stamped(`ot=${full}`, HALF), `ot=${full}`);
    const tooFull = `th:4;x:${'y'.repeat(249)}`;
    assert.equal(stamped(`ot=${tooFull}`, bits('88888888')), `ot=x:${'y'.repeat(249)}`);
  });

  it('leaves everything but the trace state as it was', () => {
    const span = spanWith('ot=th:4');
    const twice = stampThreshold(stampThreshold(span, RANDOMNESS, HALF), RANDOMNESS, undefined);
    assert.deepEqual(Buffer.from(twice), Buffer.from(spanWith('')));
  });

  it('leaves of any trace state one that can be read, or the very bytes', () => {
    const member = fc.stringMatching(/^[a-z]{1,4}=[ -~]{0,20}$/);
    const traceState = fc.oneof(
      fc.string({ maxLength: 200, unit: 'binary' }),
      fc
        .array(fc.oneof(member, fc.constantFrom('ot=th:4', 'ot=th:4;th:8', 'ot=', 'ot', '')), { maxLength: 40 })
        .map(String),
    );
    const threshold = fc.constantFrom<Threshold>(undefined, THRESHOLD_ALWAYS, HALF);
    fc.assert(
      fc.property(traceState, threshold, (before, decided) => {
        const span = spanWith(before);
        const after = stampThreshold(span, RANDOMNESS, decided);
        assert.ok(after === span || parseTracestate(readTraceState(after)) !== undefined);
        if (decided === HALF) assert.equal(otMemberOf(readTraceState(after)).get(OT_THRESHOLD), '8');
      }),
    );
  });

  it('always leaves a threshold that the randomness has passed, or none', () => {
    const digits = fc.stringMatching(/^[0-9a-f]{14}$/);
    fc.assert(
      fc.property(digits, digits, digits, (arrived, randomness, decided) => {
        const before = `ot=th:${formatThreshold(bits(arrived))}`;
        const text = otMemberOf(stamped(before, bits(decided), bits(randomness))).get(OT_THRESHOLD);
        const passed = parseRandomness(randomness) ?? THRESHOLD_ALWAYS;
        const isConsistent = isAtLeast(passed, bits(arrived));
        assert.equal(text === undefined, !isConsistent);
        if (text !== undefined) assert.ok(isAtLeast(bits(text), bits(arrived)) && isAtLeast(bits(text), bits(decided)));
      }),
    );
  });
});
