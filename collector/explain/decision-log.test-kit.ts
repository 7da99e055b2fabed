import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DecisionLog } from './explain.ts';

export interface DecisionLogUnderTest {
  name: string;
  /** A new and empty one each time. */
  open: (options: { bytesMax: number; nowUnixMs: () => number }) => Promise<OpenLog>;
}

interface OpenLog {
  log: DecisionLog;
  /** Until what was recorded lies where it will lie. */
  settle: () => Promise<void>;
  close: () => Promise<void>;
}

export const traceIdOf = (index: number): Uint8Array => Buffer.from(index.toString(16).padStart(32, '0'), 'hex');

/** What every log of decisions must do; each implementation's test calls this. */
export function describeDecisionLog({ name, open }: DecisionLogUnderTest): void {
  describe(`${name}: what every log of decisions does`, () => {
    it('finds every record of a trace, oldest first, before and after it is written', async () => {
      const { log, settle, close } = await open({ bytesMax: 100_000, nowUnixMs: () => 0 });
      log.record(traceIdOf(1), Uint8Array.of(1));
      log.record(traceIdOf(2), Uint8Array.of(2));
      log.record(traceIdOf(1), Uint8Array.of(3));
      for (const settled of [Promise.resolve(), settle()]) {
        await settled;
        assert.deepEqual(await log.find(traceIdOf(1)), [Uint8Array.of(1), Uint8Array.of(3)]);
        assert.deepEqual(await log.find(traceIdOf(3)), []);
      }
      assert.equal(log.windowStartUnixMs, undefined);
      await close();
    });

    it('forgets the oldest at its bound, and says since when it knows', async () => {
      let nowUnixMs = 0;
      const { log, settle, close } = await open({ bytesMax: 100_000, nowUnixMs: () => nowUnixMs });
      for (let index = 1; index <= 1000; index++) {
        nowUnixMs = index;
        log.record(traceIdOf(index), new Uint8Array(100));
        if (index % 5 === 0) await settle();
      }
      assert.deepEqual(await log.find(traceIdOf(1)), []);
      assert.equal((await log.find(traceIdOf(1000))).length, 1);
      const oldest = log.windowStartUnixMs ?? 0;
      assert.ok(oldest > 1 && oldest < 800);
      assert.equal((await log.find(traceIdOf(oldest))).length, 1);
      assert.equal((await log.find(traceIdOf(oldest - 1))).length, 0);
      await close();
    });
  });
}
