/** No span is lost without being counted, whatever happens: random histories of spans, answers, pauses, flushes and the end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { BUSY, DELIVERED, DOWN, NOT_ENCODABLE, REFUSED, ScriptedExport } from '../test-kit/scripted-export.ts';
import type { SendOutcome } from './transport.ts';

describe('accepted = exported + queued + dropped', () => {
  const outcome = fc.constantFrom(
    DELIVERED,
    { ...DELIVERED, rejectedSpans: 2 },
    REFUSED,
    BUSY,
    { ...BUSY, retryAfterMs: 60_000 },
    DOWN,
  );
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ spans: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.constant({ unwritable: true }) },
    { weight: 3, arbitrary: fc.record({ outcome }) },
    { weight: 3, arbitrary: fc.record({ ms: fc.integer({ min: 1, max: 40_000 }) }) },
    { weight: 1, arbitrary: fc.record({ flushMs: fc.integer({ min: 1, max: 1000 }) }) },
  );

  async function take(scripted: ScriptedExport, each: object): Promise<number> {
    if ('spans' in each) scripted.add(Number(each.spans));
    else if ('unwritable' in each) scripted.add(1, NOT_ENCODABLE);
    else if ('ms' in each) await scripted.advance(Number(each.ms));
    else if ('flushMs' in each) void scripted.exporter.forceFlush(Number(each.flushMs));
    else if ('outcome' in each && scripted.hasRequest) await scripted.answer(each.outcome as SendOutcome);
    return 'spans' in each ? Number(each.spans) : 'unwritable' in each ? 1 : 0;
  }

  it('at every moment of any history, its end included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 10 }), async (before, after) => {
        const scripted = new ScriptedExport({ batchSpansMax: 3, queueSpansMax: 8, scheduleDelayMs: 100 });
        let added = 0;
        const walk = async (steps: readonly object[]): Promise<void> => {
          for (const each of steps) {
            added += await take(scripted, each);
            assert.equal(scripted.spansAccountedFor, added);
            assert(scripted.counts.spansQueued <= 8);
            assert(scripted.requestsAtOnceMax <= 1);
          }
        };
        await walk(before);
        const closed = scripted.exporter.shutdown(5000);
        await walk(after);
        await scripted.advance(5000);
        await closed;
        assert.equal(scripted.spansAccountedFor, added);
        assert.equal(scripted.counts.spansQueued, 0);
        assert(scripted.counts.requestsRetried <= scripted.counts.requestsSent);
      }),
      { numRuns: 60 },
    );
  });
});
