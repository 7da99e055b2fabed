import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { RefusingDisk } from '../log/refusing-disk.test-kit.ts';
import { describeDecisionLog, traceIdOf } from './decision-log.test-kit.ts';
import { openExplainLog, type ExplainLog, type ExplainLogEffects } from './explain-log.ts';

const root = mkdtempSync(join(tmpdir(), 'tracelab-explain-log-'));
after(() => rmSync(root, { recursive: true }));

let folder = '';
let folderCount = 0;
beforeEach(() => (folder = join(root, String(folderCount++))));

const BYTES_MAX = 200_000;
const open = (effects: Partial<ExplainLogEffects> = {}, bytesMax = BYTES_MAX): Promise<ExplainLog> =>
  openExplainLog({ folder, bytesMax }, { files: new RefusingDisk(), ...effects });
const filesLike = (suffix: string): string[] => readdirSync(folder).filter((name) => name.endsWith(suffix));
const bytesOnDisk = (): number =>
  [...filesLike('.segment'), ...filesLike('.index')].reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

describeDecisionLog({
  name: 'ExplainLog',
  open: async ({ bytesMax, nowUnixMs }) => {
    const log = await open({ nowUnixMs }, bytesMax);
    return { log, settle: () => log.flush(), close: () => log.close() };
  },
});

type Step =
  | { kind: 'record'; trace: number; size: number; count: number }
  | { kind: 'flush' | 'restart' | 'look' }
  | { kind: 'spoil'; which: number; how: 'remove' | 'flip' | 'cut'; at: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      trace: fc.nat({ max: 20 }),
      size: fc.nat({ max: 300 }),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'restart' as const, 'look' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('spoil' as const),
      which: fc.nat(),
      how: fc.constantFrom('remove' as const, 'flip' as const, 'cut' as const),
      at: fc.nat(),
    }),
  },
);

/** Damages an index file; while the log is closed, as it is only read again when it is opened. */
function spoil({ which, how, at }: Extract<Step, { kind: 'spoil' }>): void {
  const names = filesLike('.index');
  if (names.length === 0) return;
  const path = join(folder, names[which % names.length] ?? '');
  const bytes = readFileSync(path);
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  if (how === 'remove') rmSync(path);
  else writeFileSync(path, how === 'flip' ? bytes : bytes.subarray(0, place));
}

describe('ExplainLog', () => {
  it('finds what a map finds, whatever is written, restarted or spoilt in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        folder = join(root, String(folderCount++));
        const known = new Map<number, Uint8Array[]>();
        // Segments of 1 KiB: many of them, and none is forgotten.
        let log = await open({}, 64 * 1024 * 1.5);
        let payloadCount = 0;
        const recordOne = (trace: number, size: number): void => {
          const payload = new Uint8Array(size).fill(payloadCount++);
          known.set(trace, [...(known.get(trace) ?? []), payload.slice()]);
          log.record(traceIdOf(trace), payload);
          // The log has copied it.
          payload.fill(255);
        };
        const perform = async (one: Step): Promise<void> => {
          if (one.kind === 'record') {
            for (let index = 0; index < one.count; index++) {
              recordOne(one.trace + index, one.size);
              if (index % 2 === 1) await log.flush();
            }
          } else if (one.kind === 'flush') await log.flush();
          else if (one.kind === 'look') await look();
          else {
            await log.close();
            if (one.kind === 'spoil') spoil(one);
            log = await open({}, 64 * 1024 * 1.5);
          }
        };
        const look = async (): Promise<void> => {
          for (let trace = 0; trace <= 35; trace++)
            assert.deepEqual(await log.find(traceIdOf(trace)), known.get(trace) ?? [], `trace ${trace}`);
        };
        for (const one of steps) await perform(one);
        await look();
        assert.equal(log.counts.forgottenCount, 0);
        await log.close();
      }),
      { numRuns: 40 },
    );
  });

  it('gathers for 200 ms at most, and less where a block is full', async () => {
    const timers: (() => void)[] = [];
    const startTimer = (ms: number, act: () => void): (() => void) => {
      if (ms === 200) timers.push(act);
      return () => {};
    };
    const log = await open({ startTimer }, 2 ** 26);
    log.record(traceIdOf(1), new Uint8Array(100));
    await log.find(traceIdOf(1));
    assert.deepEqual([log.recordedCount, log.durableCount, log.bytesHeld], [1, 0, 0]);
    timers[0]?.();
    while (log.durableCount < 1) await new Promise(setImmediate);
    for (let index = 0; index < 1000; index++) log.record(traceIdOf(index), new Uint8Array(100));
    while (log.durableCount < 500) await new Promise(setImmediate);
    assert.ok(log.durableCount < 1001);
    await log.close();
    assert.equal(log.durableCount, 1001);
  });

  it('takes a record that is larger than a block or a segment, and refuses an id that is none', async () => {
    const log = await open();
    const payload = new Uint8Array(10_000).fill(7);
    log.record(traceIdOf(1), payload);
    log.record(traceIdOf(2), new Uint8Array());
    await log.flush();
    assert.deepEqual(await log.find(traceIdOf(1)), [payload]);
    assert.deepEqual(await log.find(traceIdOf(2)), [new Uint8Array()]);
    assert.throws(() => log.record(Uint8Array.of(1, 2), payload), /a trace id of 2 bytes was got, it has 16/);
    await log.close();
  });

  it('finds all of a trace that has more records than a part of an index', async () => {
    const log = await open({}, 2 ** 26);
    for (let index = 0; index < 1500; index++) {
      log.record(traceIdOf(1), Uint8Array.of(index % 256));
      log.record(traceIdOf(2 + index), Uint8Array.of(1));
      if (index % 2 === 1) await log.flush();
    }
    await log.close();
    const next = await open({}, 2 ** 26);
    const found = await next.find(traceIdOf(1));
    assert.deepEqual(
      found.map(([byte]) => byte),
      Array.from({ length: 1500 }, (_, index) => index % 256),
    );
    await next.close();
  });

  it('finds each record once while it is being written', async () => {
    const disk = new RefusingDisk();
    const { promise, resolve } = Promise.withResolvers<void>();
    disk.gate = promise;
    const log = await open({ files: disk });
    log.record(traceIdOf(1), Uint8Array.of(1));
    const flushed = log.flush();
    while (disk.writeCount === 0) await new Promise(setImmediate);
    log.record(traceIdOf(1), Uint8Array.of(2));
    const during = log.find(traceIdOf(1));
    resolve();
    assert.deepEqual(await during, [Uint8Array.of(1), Uint8Array.of(2)]);
    await flushed;
    assert.deepEqual(await log.find(traceIdOf(1)), [Uint8Array.of(1), Uint8Array.of(2)]);
    await log.close();
  });
});

describe('ExplainLog: its bound', () => {
  it('holds on disk, forgets the oldest first, and every record is found or forgotten', async () => {
    const log = await open();
    let bytesMost = 0;
    for (let index = 0; index < 3000; index++) {
      log.record(traceIdOf(index), new Uint8Array(index % 200));
      if (index % 10 === 9) await log.flush();
      bytesMost = Math.max(bytesMost, log.bytesHeld);
    }
    assert.ok(bytesMost <= BYTES_MAX && bytesMost > 0.9 * BYTES_MAX, `${bytesMost} bytes`);
    const bytesNotYetOnDisk = log.bytesHeld - bytesOnDisk();
    assert.ok(bytesNotYetOnDisk >= 0 && bytesNotYetOnDisk < 1000, 'the index of the newest segment');
    const { forgottenCount, recordedCount, durableCount, droppedCount } = log.counts;
    assert.deepEqual([recordedCount, durableCount, droppedCount], [3000, 3000, 0]);
    assert.ok(forgottenCount > 1000);
    for (let index = 0; index < 3000; index += 29)
      assert.equal((await log.find(traceIdOf(index))).length, index < forgottenCount ? 0 : 1, `record ${index}`);
    await log.close();
    assert.deepEqual(filesLike('.index').length, filesLike('.segment').length);
  });

  it('knows after a restart that it has forgotten, and since when it knows', async () => {
    let nowUnixMs = 0;
    const log = await open({ nowUnixMs: () => nowUnixMs });
    for (nowUnixMs = 1; nowUnixMs <= 3000; nowUnixMs++) {
      log.record(traceIdOf(nowUnixMs), new Uint8Array(100));
      if (nowUnixMs % 10 === 0) await log.flush();
    }
    const windowStart = log.windowStartUnixMs;
    assert.ok(windowStart !== undefined && windowStart > 1);
    await log.close();
    const next = await open({ nowUnixMs: () => nowUnixMs });
    assert.equal(next.windowStartUnixMs, windowStart);
    await next.close();
  });

  it('does not gather small segments without end where the disk fails, or the collector starts, again and again', async () => {
    const disk = new RefusingDisk();
    const log = await open({ files: disk });
    for (let index = 0; index < 270; index++) {
      disk.bytesLeft = Infinity;
      log.record(traceIdOf(index), Uint8Array.of(1));
      await log.flush();
      disk.bytesLeft = 0;
      log.record(traceIdOf(index), Uint8Array.of(2));
      await log.flush();
    }
    assert.deepEqual([filesLike('.segment').length, log.counts.forgottenCount], [256, 14]);
    assert.deepEqual([(await log.find(traceIdOf(0))).length, (await log.find(traceIdOf(269))).length], [0, 1]);
    await log.close();
  });
});

describe('ExplainLog: disks and folders', () => {
  it('drops and counts what the disk refuses, says that it does not know everything, and goes on', async () => {
    const disk = new RefusingDisk();
    let nowUnixMs = 5;
    const log = await open({ files: disk, nowUnixMs: () => nowUnixMs });
    log.record(traceIdOf(1), Uint8Array.of(1));
    await log.flush();
    disk.bytesLeft = 10;
    nowUnixMs = 6;
    for (const index of [2, 3]) log.record(traceIdOf(index), Uint8Array.of(1));
    await log.flush();
    assert.deepEqual([log.durableCount, log.droppedCount, log.windowStartUnixMs], [1, 2, 6]);
    assert.deepEqual(await log.find(traceIdOf(2)), []);
    disk.bytesLeft = Infinity;
    log.record(traceIdOf(4), Uint8Array.of(4));
    await log.flush();
    for (const index of [1, 4]) assert.equal((await log.find(traceIdOf(index))).length, 1);
    await log.close();
  });

  it('searches in memory where an index cannot be written, and writes it in the next life', async () => {
    const disk = new RefusingDisk();
    const log = await open({ files: disk });
    for (let index = 0; index < 20; index++) log.record(traceIdOf(index), new Uint8Array(100));
    await log.flush();
    disk.bytesLeft = 0;
    await log.close();
    assert.ok(log.counts.upkeepFailedCount > 0);
    const next = await open();
    for (let index = 0; index < 20; index++) assert.equal((await next.find(traceIdOf(index))).length, 1);
    assert.equal(filesLike('.index').length, filesLike('.segment').length);
    await next.close();
  });

  it('leaves foreign files alone, and removes an index without a segment', async () => {
    mkdirSync(folder);
    for (const name of ['policies-1.json', 'mine.index', '000000000009.index']) writeFileSync(join(folder, name), 'x');
    const log = await open();
    log.record(traceIdOf(1), Uint8Array.of(1));
    await log.close();
    assert.ok(existsSync(join(folder, 'policies-1.json')) && existsSync(join(folder, 'mine.index')));
    assert.ok(!existsSync(join(folder, '000000000009.index')));
  });
});

describe('ExplainLog: readRecent', () => {
  it('reads in order what was recorded since then, in an earlier life and in this one', async () => {
    let nowUnixMs = 0;
    let log = await open({ nowUnixMs: () => nowUnixMs });
    for (let index = 0; index < 400; index++) {
      nowUnixMs = index;
      if (index === 300) {
        await log.close();
        log = await open({ nowUnixMs: () => nowUnixMs });
      }
      log.record(traceIdOf(index), Uint8Array.of(index % 256));
      if (index % 10 === 9) await log.flush();
    }
    const got: number[] = [];
    for await (const { traceId, payload } of log.readRecent(250)) {
      const index = Buffer.from(traceId).readUInt32BE(12);
      got.push(index);
      assert.deepEqual([...payload], [index % 256]);
    }
    assert.ok((got[0] ?? 0) > 100 && (got[0] ?? 0) <= 250, 'whole segments, but no old ones');
    assert.deepEqual(
      got,
      Array.from({ length: got.length }, (_, at) => 400 - got.length + at),
    );
    await log.close();
  });
});
