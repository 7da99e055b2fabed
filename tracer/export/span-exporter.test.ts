/** The exporter with time, timers and collector moved by hand; the conservation law is checked in every test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMITS } from '@tracelab/protocol';
import { BUSY, DELIVERED, DOWN, NOT_ENCODABLE, REFUSED, ScriptedExport } from '../test-kit/scripted-export.ts';

function assertConserved(scripted: ScriptedExport, spansAdded: number): void {
  assert.equal(scripted.spansAccountedFor, spansAdded);
}

describe('batching', () => {
  it('sends after the schedule delay, counted from the first span', async () => {
    const scripted = new ScriptedExport({ scheduleDelayMs: 200 });
    scripted.add(2);
    await scripted.advance(199);
    assert.equal(scripted.requestCount, 0);
    await scripted.advance(1);
    assert.equal(scripted.requestCount, 1);
    await scripted.answer(DELIVERED);
    assert.equal(scripted.counts.spansExported, 2);
    assert.equal(scripted.exporter.state, 'idle');
  });

  it('sends a full batch at once', () => {
    const scripted = new ScriptedExport({ batchSpansMax: 3 });
    scripted.add(2);
    assert.equal(scripted.requestCount, 0);
    scripted.add(1);
    assert.equal(scripted.requestCount, 1);
  });

  it('closes a batch at 4 MiB, long before its count is full', () => {
    const scripted = new ScriptedExport();
    scripted.add(5, 'x'.repeat(1024 * 1024));
    assert.equal(scripted.requestCount, 1);
    assert.equal(scripted.counts.spansQueued, 5);
  });

  it('never has two requests under way; what comes meanwhile goes together afterwards', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 100, scheduleDelayMs: 10 });
    scripted.add(1);
    await scripted.advance(10);
    scripted.add(5);
    await scripted.advance(50);
    scripted.add(5);
    assert.equal(scripted.requestCount, 1);
    await scripted.answer(DELIVERED);
    assert.equal(scripted.requestCount, 2, 'the ten spans in one request');
    await scripted.answer(DELIVERED);
    assert.equal(scripted.requestsAtOnceMax, 1);
    assert.equal(scripted.counts.spansExported, 11);
  });
});

describe('bounds', () => {
  it('drops and counts beyond the queue, those being sent included, and says so once', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 2, queueSpansMax: 4 });
    scripted.add(7);
    assert.equal(scripted.counts.spansDropped.queue_full, 3);
    assert.equal(scripted.warnings.length, 1);
    assertConserved(scripted, 7);
    await scripted.answer(DELIVERED);
    scripted.add(1);
    assert.equal(scripted.counts.spansDropped.queue_full, 3, 'there is room again');
    assertConserved(scripted, 8);
  });

  it('holds no more than its bounds through a long outage, and delivers what it held when it is over', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 100, queueSpansMax: 1000, scheduleDelayMs: 100 });
    for (let second = 0; second < 600; second++) {
      scripted.add(400, 'x'.repeat(100));
      if (scripted.hasRequest) await scripted.answer(DOWN);
      await scripted.advance(1000);
      assert(scripted.counts.spansQueued <= 1000 && scripted.exporter.queuedBytes <= 100_000);
    }
    assert(scripted.requestCount < 600, 'no busy loop');
    const flushed = scripted.exporter.forceFlush(600_000);
    while (scripted.counts.spansQueued > 0) {
      await scripted.advance(8000);
      if (scripted.hasRequest) await scripted.answer(DELIVERED);
    }
    assert.equal(await flushed, true);
    assert(scripted.counts.spansExported >= 900);
    assertConserved(scripted, 600 * 400);
  });

  it('counts a span that cannot be written, and goes on', () => {
    const scripted = new ScriptedExport();
    scripted.add(1);
    scripted.add(1, NOT_ENCODABLE);
    scripted.add(1);
    assert.deepEqual([scripted.counts.spansQueued, scripted.counts.spansDropped.not_encodable], [2, 1]);
  });

  it('drops beyond 64 MiB waiting, whatever the count', () => {
    const scripted = new ScriptedExport();
    scripted.add(70, 'x'.repeat(1024 * 1024));
    assert(scripted.exporter.queuedBytes <= 65 * 1024 * 1024);
    assert(scripted.counts.spansDropped.queue_full > 0);
    assertConserved(scripted, 70);
  });
});

describe('answers', () => {
  it('drops a refused batch without another try', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 2 });
    scripted.add(2);
    await scripted.answer(REFUSED);
    await scripted.advance(60_000);
    assert.equal(scripted.requestCount, 1);
    assert.equal(scripted.counts.spansDropped.refused, 2);
    assert.match(scripted.warnings.join(), /2 spans were refused by there: the answer was 400/);
  });

  it('counts what a partial success rejects, and does not send it again', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 3 });
    scripted.add(3);
    await scripted.answer({ kind: 'delivered', rejectedSpans: 1, message: 'bad id' });
    await scripted.advance(60_000);
    assert.equal(scripted.requestCount, 1);
    assert.deepEqual([scripted.counts.spansExported, scripted.counts.spansDropped.rejected], [2, 1]);
    assert.match(scripted.warnings.join(), /bad id/);
  });

  it('tries again after a jittered pause that grows, and spans go on being taken', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 2 });
    scripted.add(2);
    await scripted.answer(BUSY);
    assert.equal(scripted.exporter.state, 'backingOff');
    scripted.add(2);
    await scripted.advance(999);
    assert.equal(scripted.requestCount, 1);
    await scripted.advance(1);
    assert.equal(scripted.requestCount, 2);
    assert.equal(scripted.sentBytes[0], scripted.sentBytes[1], 'the same batch');
    await scripted.answer(BUSY);
    await scripted.advance(1499);
    assert.equal(scripted.requestCount, 2);
    await scripted.advance(1);
    await scripted.answer(DELIVERED);
    await scripted.answer(DELIVERED);
    assert.equal(scripted.counts.spansExported, 4);
    assert.equal(scripted.warnings.length, 1, 'one line for one outage');
    assert.deepEqual([scripted.counts.requestsSent, scripted.counts.requestsRetried], [4, 2]);
  });

  it('waits as long as Retry-After says', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 1 });
    scripted.add(1);
    await scripted.answer({ ...BUSY, retryAfterMs: 20_000 });
    await scripted.advance(19_999);
    assert.equal(scripted.requestCount, 1);
    await scripted.advance(1);
    assert.equal(scripted.requestCount, 2);
  });

  it('does not try again at once where Retry-After says 0: a server that stays busy would keep us busy', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 1 });
    scripted.add(1);
    await scripted.answer({ ...BUSY, retryAfterMs: 0 });
    await scripted.advance(499);
    assert.equal(scripted.requestCount, 1);
  });

  it('counts a rejection of more spans than were sent, or of fewer than none, as what it can be', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 2 });
    scripted.add(4);
    await scripted.answer({ ...DELIVERED, rejectedSpans: 99 });
    await scripted.answer({ ...DELIVERED, rejectedSpans: -1 });
    assert.deepEqual([scripted.counts.spansExported, scripted.counts.spansDropped.rejected], [2, 2]);
  });

  it('drops a batch over 64 MiB without a request', async () => {
    const scripted = new ScriptedExport();
    scripted.add(1, 'x'.repeat(LIMITS.otlpRequestBytesMax + 1));
    await scripted.advance(0);
    assert.deepEqual([scripted.requestCount, scripted.counts.spansDropped.refused], [0, 1]);
  });

  it('allows a request no more time than the whole batch has', () => {
    for (const [exportTimeoutMs, allowedMs] of [
      [500, 500],
      [30_000, 10_000],
    ] as const) {
      const scripted = new ScriptedExport({ batchSpansMax: 1, exportTimeoutMs });
      scripted.add(1);
      assert.deepEqual(scripted.timeoutsMs, [allowedMs]);
    }
  });

  it('gives a batch up when the export timeout has passed, and goes on with the next after the pause', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 1, exportTimeoutMs: 2000 });
    scripted.add(2);
    await scripted.answer(DOWN);
    await scripted.advance(1000);
    await scripted.answer(DOWN);
    await scripted.advance(1500);
    await scripted.answer(DOWN);
    assert.equal(scripted.counts.spansDropped.timeout, 1);
    assert.equal(scripted.requestCount, 3);
    await scripted.advance(2250);
    await scripted.answer(DELIVERED);
    assert.equal(scripted.counts.spansExported, 1);
    assertConserved(scripted, 2);
  });
});

describe('flush and shutdown', () => {
  it('a flush sends the open batch and waits for it', async () => {
    const scripted = new ScriptedExport();
    scripted.add(1);
    const flushed = scripted.exporter.forceFlush();
    await scripted.answer(DELIVERED);
    assert.equal(await flushed, true);
    assert.equal(await scripted.exporter.forceFlush(), true, 'nothing left to do');
  });

  it('a flush ends when its time is up, and drops nothing', async () => {
    const scripted = new ScriptedExport();
    scripted.add(1);
    const flushed = scripted.exporter.forceFlush(100);
    await scripted.advance(100);
    assert.equal(await flushed, false);
    assert.equal(scripted.counts.spansQueued, 1);
  });

  it('a shutdown delivers, closes, and counts later spans as lost', async () => {
    const scripted = new ScriptedExport();
    scripted.add(1);
    const ended = scripted.exporter.shutdown(1000);
    await scripted.answer(DELIVERED);
    await ended;
    scripted.add(1);
    assert(scripted.isClosed);
    assert.deepEqual([scripted.counts.spansExported, scripted.counts.spansDropped.closed], [1, 1]);
  });

  it('a shutdown tries once more at once, and does not wait for a collector that is gone', async () => {
    const scripted = new ScriptedExport({ batchSpansMax: 1 });
    scripted.add(2);
    await scripted.answer({ ...DOWN, retryAfterMs: 100_000 });
    const ended = scripted.exporter.shutdown(60_000);
    await scripted.answer(DOWN);
    await scripted.answer(DOWN);
    await ended;
    assert.equal(scripted.counts.spansDropped.closed, 2);
    assert.equal(scripted.exporter.state, 'closed');
  });

  it('a second shutdown is the first one', async () => {
    const scripted = new ScriptedExport();
    scripted.add(1);
    const first = scripted.exporter.shutdown(1000);
    assert.equal(scripted.exporter.shutdown(1), first);
    await scripted.answer(DELIVERED);
    await first;
    assert.equal(await scripted.exporter.forceFlush(), true, 'a flush afterwards has nothing to do');
  });

  it('a flush that is waiting ends with the shutdown', async () => {
    const scripted = new ScriptedExport();
    scripted.add(1);
    const flushed = scripted.exporter.forceFlush(60_000);
    const ended = scripted.exporter.shutdown(100);
    await scripted.advance(100);
    await ended;
    assert.equal(await flushed, false);
  });

  it('an answer that comes after the end changes no count', async () => {
    const scripted = new ScriptedExport();
    scripted.add(3);
    const ended = scripted.exporter.shutdown(100);
    await scripted.advance(100);
    await ended;
    await scripted.answer(DELIVERED);
    assert.deepEqual([scripted.counts.spansExported, scripted.counts.spansDropped.closed], [0, 3]);
  });

  it('a shutdown counts the rest as lost when its time is up', async () => {
    const scripted = new ScriptedExport();
    scripted.add(3);
    const ended = scripted.exporter.shutdown(100);
    await scripted.advance(100);
    await ended;
    assert.deepEqual([scripted.counts.spansQueued, scripted.counts.spansDropped.closed], [0, 3]);
  });
});
