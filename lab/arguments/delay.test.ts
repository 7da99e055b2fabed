import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Delay } from '@tracelab/protocol';
import { formatDelay, parseDelay } from './delay.ts';

const ms = fc.integer({ min: 0, max: 86_400_000 });
const ordered = fc.tuple(ms, ms).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
const delays: fc.Arbitrary<Delay> = fc.oneof(
  ms.map((value) => ({ kind: 'fixed' as const, ms: value })),
  ordered.map(([minMs, maxMs]) => ({ kind: 'uniform' as const, minMs, maxMs })),
  fc.tuple(ms, ms).map(([meanMs, stdDevMs]) => ({ kind: 'normal' as const, meanMs, stdDevMs })),
  ordered.map(([medianMs, p99Ms]) => ({ kind: 'lognormal' as const, medianMs, p99Ms })),
);

describe('--delay', () => {
  it('takes a fixed time and three distributions', () => {
    assert.deepEqual(parseDelay('870ms'), { ok: true, value: { kind: 'fixed', ms: 870 } });
    assert.deepEqual(parseDelay('uniform:100ms..300ms'), {
      ok: true,
      value: { kind: 'uniform', minMs: 100, maxMs: 300 },
    });
    assert.deepEqual(parseDelay('normal:200ms,50ms'), {
      ok: true,
      value: { kind: 'normal', meanMs: 200, stdDevMs: 50 },
    });
    assert.deepEqual(parseDelay('lognormal:80ms,900ms'), {
      ok: true,
      value: { kind: 'lognormal', medianMs: 80, p99Ms: 900 },
    });
  });

  it('refuses what it cannot read and shows every form', () => {
    for (const text of [
      'fast',
      '870',
      'pareto:1ms,2ms',
      'uniform:100ms',
      'uniform:100ms,300ms',
      'normal:1ms,2ms,3ms',
      'lognormal:',
    ]) {
      const result = parseDelay(text);
      assert.match(result.ok ? 'accepted' : result.error, /uniform:100ms\.\.300ms.*was "/, text);
    }
  });

  it('refuses a range that goes backwards', () => {
    assert.equal(parseDelay('uniform:300ms..100ms').ok, false);
    assert.equal(parseDelay('lognormal:900ms,80ms').ok, false);
  });

  it('reads back every delay that it writes', () => {
    fc.assert(
      fc.property(delays, (delay) => assert.deepEqual(parseDelay(formatDelay(delay)), { ok: true, value: delay })),
    );
  });
});
