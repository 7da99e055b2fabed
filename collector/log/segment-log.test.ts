import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, beforeEach, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { NotHeldError } from '@tracelab/command';
import { RefusingDisk } from './refusing-disk.test-kit.ts';
import { encodeSegmentHeader } from './segment-format.ts';
import { openSegmentLog, type Appended, type SegmentLog, type SegmentLogOptions } from './segment-log.ts';

const root = mkdtempSync(join(tmpdir(), 'tracelab-log-'));
after(() => rmSync(root, { recursive: true }));

let folder = '';
let folderCount = 0;
beforeEach(() => (folder = join(root, String(folderCount++))));

const segmentFiles = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.segment'));

function optionsWith(options: Partial<SegmentLogOptions> = {}): SegmentLogOptions {
  return { folder, segmentBytesMax: 1000, bytesMax: 100_000, ...options };
}

function appendText(log: SegmentLog, ...parts: string[]): Appended {
  const appended = log.append(parts.map((part) => Buffer.from(part)));
  assert.ok(appended.ok, appended.ok ? '' : appended.error.message);
  return appended.value;
}

async function replayTexts(log: SegmentLog): Promise<string[]> {
  const texts: string[] = [];
  for await (const { payload } of log.replay()) texts.push(payload.toString());
  return texts;
}

/** Closes the log and says what a new one reads. */
async function reopenedTexts(log: SegmentLog): Promise<string[]> {
  await log.close();
  const next = await openSegmentLog(optionsWith());
  return replayTexts(next).finally(() => next.close());
}

describe('SegmentLog', () => {
  it('reads what was appended, in order, in the next life', async () => {
    const log = await openSegmentLog(optionsWith());
    for (const text of ['one', 'two', '']) await appendText(log, text, '!').written;
    assert.deepEqual(await replayTexts(log), [], 'what this life appends is not replayed in it');
    assert.deepEqual(await reopenedTexts(log), ['one!', 'two!', '!']);
  });

  it('begins a new segment at the bound of one, and never goes on with an old one', async () => {
    const log = await openSegmentLog(optionsWith({ segmentBytesMax: 104 }));
    const segments = ['a', 'b', 'c', 'd'].map((text) => appendText(log, text.repeat(30)).segment);
    assert.deepEqual(segments, [1, 1, 2, 2]);
    assert.equal(appendText(log, 'e'.repeat(500)).segment, 3, 'a larger one has a segment of its own');
    assert.equal(appendText(log, 'f').segment, 4);
    await log.close();
    assert.deepEqual(
      segmentFiles().map((name) => statSync(join(folder, name)).size),
      [104, 104, 532, 33],
    );
    const next = await openSegmentLog(optionsWith());
    assert.equal(appendText(next, 'g').segment, 5);
    assert.equal(next.oldest, 1);
    await next.close();
  });

  it('says where a record lies, and reads it there', async () => {
    const log = await openSegmentLog(optionsWith());
    const [first, second] = [appendText(log, 'first'), appendText(log, 'second')];
    assert.equal(String(await log.readAt(first.segment, await first.written)), 'first');
    assert.equal(String(await log.readAt(second.segment, await second.written)), 'second');
    assert.equal(await log.readAt(second.segment, (await second.written) + 1), undefined);
    assert.equal(await log.readAt(77, 16), undefined);
    await log.close();
  });

  it('writes all that came during a write as one group', async () => {
    const disk = new RefusingDisk();
    const log = await openSegmentLog(optionsWith(), { files: disk });
    const { promise, resolve } = Promise.withResolvers<void>();
    disk.gate = promise;
    const written = ['a', 'b'].map((text) => appendText(log, text).written);
    while (disk.writeCount === 0) await new Promise(setImmediate);
    for (const text of ['c', 'd', 'e']) written.push(appendText(log, text).written);
    resolve();
    await Promise.all(written);
    assert.equal(disk.writeCount, 2);
    assert.equal(log.counts.groupsWritten, 2);
    assert.deepEqual(await reopenedTexts(log), ['a', 'b', 'c', 'd', 'e']);
  });

  it('drops sealed segments and those of an earlier life, and no other', async () => {
    const log = await openSegmentLog(optionsWith());
    const { segment, written } = appendText(log, 'one');
    await assert.rejects(log.drop(segment), /segment 1 is being written/);
    log.seal();
    await assert.rejects(log.drop(segment), /segment 1 is being written/);
    await written;
    await log.drop(segment);
    await log.drop(segment);
    assert.deepEqual([log.bytesHeld, log.oldest, segmentFiles()], [0, undefined, []]);
    await appendText(log, 'two').written;
    await log.close();
    const next = await openSegmentLog(optionsWith());
    assert.equal(next.bytesHeld, 20 + 12 + 3);
    await next.drop(next.oldest ?? 0);
    assert.deepEqual(await replayTexts(next), []);
    await next.close();
  });
});

describe('SegmentLog: bounds', () => {
  it('takes nothing beyond its bytes, says so, and takes again when a segment was dropped', async () => {
    const log = await openSegmentLog(optionsWith({ segmentBytesMax: 104, bytesMax: 300 }));
    const written = ['a', 'b', 'c', 'd'].map((text) => appendText(log, text.repeat(30)).written);
    const before = log.bytesHeld;
    const refused = log.append([Buffer.alloc(100)]);
    assert.ok(!refused.ok && refused.error.reason === 'full');
    assert.match(refused.error.message, /takes no record of 112 bytes: it holds 208 of at most 300/);
    assert.equal(log.bytesHeld, before);
    await Promise.all(written);
    await log.drop(1);
    assert.ok(log.append([Buffer.alloc(100)]).ok);
    assert.equal(log.counts.recordsRefused, 1);
    await log.close();
  });

  it('takes nothing while too much waits for the disk, but always one record', async () => {
    const log = await openSegmentLog(optionsWith({ unwrittenBytesMax: 50 }));
    const { written } = appendText(log, 'a'.repeat(100));
    const refused = log.append([Buffer.from('b')]);
    assert.ok(!refused.ok && refused.error.reason === 'behind');
    await written;
    assert.ok(log.append([Buffer.from('c')]).ok);
    await log.close();
    const closed = log.append([Buffer.from('d')]);
    assert.ok(!closed.ok && closed.error.reason === 'closed');
  });

  it('is for one log at a time, and leaves files that are not its own alone', async () => {
    const log = await openSegmentLog(optionsWith());
    await assert.rejects(openSegmentLog(optionsWith()), (error) => {
      assert.ok(error instanceof NotHeldError);
      assert.match(error.message, /is in use by another collector/);
      return true;
    });
    writeFileSync(join(folder, 'notes.segment'), 'mine');
    appendText(log, 'a');
    assert.deepEqual(await reopenedTexts(log), ['a']);
    assert.ok(existsSync(join(folder, 'notes.segment')));
  });

  it('refuses the segments of another version, and a folder that is none', async () => {
    mkdirSync(folder);
    const header = encodeSegmentHeader(3);
    header.writeUInt32LE(2, 4);
    header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
    writeFileSync(join(folder, '000000000003.segment'), header);
    await assert.rejects(openSegmentLog(optionsWith()), /3\.segment has format version 2, this collector reads 1/);
    await assert.rejects(openSegmentLog(optionsWith()), /format version 2/, 'and has not kept the lock');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file');
    await assert.rejects(openSegmentLog(optionsWith()), NotHeldError);
  });
});

describe('SegmentLog: a disk that refuses', () => {
  it('rejects what did not fit, cuts it off, and goes on when there is room again', async () => {
    const disk = new RefusingDisk();
    const log = await openSegmentLog(optionsWith(), { files: disk });
    await appendText(log, 'before').written;
    disk.bytesLeft = 24;
    const lost = ['lost', 'too'].map((text) => appendText(log, text.repeat(10)));
    for (const { written } of lost) await assert.rejects(written, /could not write .*1\.segment: ENOSPC.*send again/);
    disk.bytesLeft = Infinity;
    await appendText(log, 'after').written;
    assert.equal(log.bytesHeld, 20 + 12 + 6 + 20 + 12 + 5);
    assert.deepEqual([log.counts.recordsWritten, log.counts.recordsFailed], [2, 2]);
    assert.deepEqual(await reopenedTexts(log), ['before', 'after']);
    assert.equal(disk.openCount, 0, 'every file is closed');
  });

  it('leaves no empty files behind while the disk stays full', async () => {
    const disk = new RefusingDisk();
    const log = await openSegmentLog(optionsWith(), { files: disk });
    disk.bytesLeft = 0;
    for (let attempt = 0; attempt < 5; attempt++) await assert.rejects(appendText(log, 'lost').written, /ENOSPC/);
    assert.deepEqual([segmentFiles(), log.bytesHeld, log.oldest], [[], 0, undefined]);
    await log.close();
  });

  it('rejects when its folder was removed, and goes on when it is there again', async () => {
    const log = await openSegmentLog(optionsWith());
    await appendText(log, 'before').written;
    rmSync(folder, { recursive: true });
    await assert.rejects(appendText(log, 'into a file without a name').written, /somebody has removed the file/);
    await assert.rejects(appendText(log, 'nowhere').written, /ENOENT/);
    mkdirSync(folder);
    await appendText(log, 'after').written;
    assert.deepEqual(segmentFiles().length, 1);
    await log.close();
  });
});

describe('SegmentLog: syncs', () => {
  it('syncs file and folder before it acknowledges where the interval is 0, and rejects where that fails', async () => {
    const disk = new RefusingDisk();
    const log = await openSegmentLog(optionsWith({ syncIntervalMs: 0 }), { files: disk });
    await appendText(log, 'a').written;
    assert.deepEqual([disk.syncCount, disk.folderSyncCount], [1, 1]);
    await appendText(log, 'b').written;
    assert.deepEqual([disk.syncCount, disk.folderSyncCount], [2, 1]);
    disk.isSyncRefused = true;
    await assert.rejects(appendText(log, 'c').written, /EIO/);
    disk.isSyncRefused = false;
    await appendText(log, 'd').written;
    assert.deepEqual(await reopenedTexts(log), ['a', 'b', 'd']);
  });

  it('syncs behind the scenes once an interval, and what is sealed at once', async () => {
    const disk = new RefusingDisk();
    const timers: (() => void)[] = [];
    const startTimer = (ms: number, act: () => void): (() => void) => {
      assert.equal(ms, 1000);
      timers.push(act);
      return () => {};
    };
    const log = await openSegmentLog(optionsWith({ segmentBytesMax: 54 }), { files: disk, startTimer });
    for (const text of ['a', 'b']) await appendText(log, text).written;
    assert.deepEqual([disk.syncCount, timers.length], [0, 1]);
    timers[0]?.();
    await appendText(log, 'c'.repeat(30)).written;
    assert.equal(timers.length, 2, 'a new interval begins with the next write');
    await log.close();
    assert.deepEqual([disk.syncCount, disk.folderSyncCount, disk.openCount], [2, 2, 0]);
  });

  it('counts a sync that fails behind the scenes', async () => {
    const disk = new RefusingDisk();
    const log = await openSegmentLog(optionsWith(), { files: disk });
    await appendText(log, 'a').written;
    disk.isSyncRefused = true;
    await log.close();
    assert.equal(log.counts.syncsFailed, 1);
  });
});

describe('SegmentLog: kill -9', () => {
  it('has everything that was acknowledged, and its lock is free', async () => {
    const module = JSON.stringify(new URL('./segment-log.ts', import.meta.url).href);
    const code = `
      import { openSegmentLog } from ${module};
      const log = await openSegmentLog(${JSON.stringify(optionsWith({ segmentBytesMax: 10_000, bytesMax: 1e9 }))});
      for (let index = 0; ; index++) {
        const appended = log.append([Buffer.from(index + ' '), Buffer.alloc(index % 3000, 'x')]);
        if (index % 7 === 0) {
          await appended.value.written;
          process.stdout.write(index + '\\n');
        }
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    let acknowledged = -1;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged >= 700) child.kill('SIGKILL');
    }
    await exit;
    const log = await openSegmentLog(optionsWith());
    const texts = await replayTexts(log);
    assert.ok(texts.length > acknowledged);
    for (const [index, text] of texts.entries()) assert.equal(text, `${index} ${'x'.repeat(index % 3000)}`);
    await log.close();
  });
});
