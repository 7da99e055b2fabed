/** Lives that end in crashes, against a plain list of what was acknowledged. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { RefusingDisk } from './refusing-disk.test-kit.ts';
import { RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES, segmentFileName } from './segment-format.ts';
import { openSegmentLog, type SegmentLog } from './segment-log.ts';

const root = mkdtempSync(join(tmpdir(), 'tracelab-log-crash-'));
after(() => rmSync(root, { recursive: true }));
let folderCount = 0;

interface KnownRecord {
  segment: number;
  offset: number;
  payload: Buffer;
}

interface Life {
  /** Sizes of records; those of one burst are appended together. */
  bursts: number[][];
  dropCount: number;
  crash: { kind: 'none' | 'cut' | 'zeros' | 'flip'; segment: number; byte: number; bit: number };
}

const life = fc.record<Life>({
  bursts: fc.array(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 6 }), { maxLength: 6 }),
  dropCount: fc.nat({ max: 2 }),
  crash: fc.record({
    kind: fc.constantFrom('none', 'cut', 'zeros', 'flip'),
    segment: fc.nat(),
    byte: fc.nat(),
    bit: fc.nat({ max: 7 }),
  }),
});

let payloadCount = 0;

/** No two alike, so that a record in a wrong place shows. */
function payloadOf(size: number): Buffer {
  return Buffer.concat([Buffer.from(`${payloadCount++} `), Buffer.alloc(size, payloadCount % 256)]);
}

async function live(log: SegmentLog, { bursts, dropCount }: Life): Promise<KnownRecord[]> {
  const known: KnownRecord[] = [];
  for (const burst of bursts) {
    const writes = burst.map(async (size) => {
      const payload = payloadOf(size);
      const middle = size >> 1;
      const appended = log.append([payload.subarray(0, middle), payload.subarray(middle)]);
      assert.ok(appended.ok);
      known.push({ segment: appended.value.segment, offset: await appended.value.written, payload });
    });
    await Promise.all(writes);
  }
  for (const segment of log.segments.slice(0, -1).slice(0, dropCount)) await log.drop(segment);
  return known;
}

/** The folder as a crash leaves it: no lock, nothing that a clean end would write. */
function copySegments(from: string): string {
  const to = join(root, String(folderCount++));
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name.endsWith('.segment')) copyFileSync(join(from, name), join(to, name));
  return to;
}

interface Loss {
  segment: number;
  /** What ends behind it is lost. */
  firstByte: number;
}

/** Damages the newest segment as a crash does, or any as a bad disk does; says what is lost by that. */
function damage(folder: string, segments: readonly number[], { kind, segment, byte, bit }: Life['crash']): Loss {
  const hit = kind === 'flip' ? segments[segment % segments.length] : segments.at(-1);
  if (hit === undefined || kind === 'none') return { segment: 0, firstByte: 0 };
  const path = join(folder, segmentFileName(hit));
  const bytes = readFileSync(path);
  const at = byte % (bytes.length + (kind === 'flip' ? 0 : 1));
  if (kind === 'cut') truncateSync(path, at);
  else if (kind === 'zeros') writeFileSync(path, bytes.fill(0, at));
  else {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    writeFileSync(path, bytes);
  }
  return { segment: hit, firstByte: at };
}

function isLost({ segment, offset, payload }: KnownRecord, loss: Loss): boolean {
  if (segment !== loss.segment) return false;
  return loss.firstByte < SEGMENT_HEADER_BYTES || offset + RECORD_HEADER_BYTES + payload.length > loss.firstByte;
}

/** Zeros over zeros are no damage: whether a record that they reach into is still whole is seen by its bytes. */
function isUnharmed(record: KnownRecord, loss: Loss, kind: Life['crash']['kind']): boolean {
  if (!isLost(record, loss)) return true;
  const from = Math.max(0, loss.firstByte - record.offset - RECORD_HEADER_BYTES);
  const isReachedByPayloadOnly = loss.firstByte >= record.offset + RECORD_HEADER_BYTES;
  return kind === 'zeros' && isReachedByPayloadOnly && record.payload.subarray(from).every((byte) => byte === 0);
}

describe('SegmentLog: crashes', () => {
  it('reads again whatever was acknowledged and not dropped, in order and unchanged, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
        let folder = join(root, String(folderCount++));
        let known: KnownRecord[] = [];
        for (const oneLife of lives) {
          const options = { folder, segmentBytesMax: 400, bytesMax: 1e6 };
          // The bytes matter here, not when they are synced: real syncs take most of the time.
          const log = await openSegmentLog(options, { files: new RefusingDisk() });
          const before = await readAll(log);
          assert.deepEqual(
            before,
            known.map(({ payload }) => payload.toString('latin1')),
          );
          known.push(...(await live(log, oneLife)));
          known = known.filter(({ segment }) => log.segments.includes(segment));
          const next = copySegments(folder);
          const loss = damage(next, log.segments, oneLife.crash);
          known = known.filter((record) => isUnharmed(record, loss, oneLife.crash.kind));
          await log.close();
          rmSync(folder, { recursive: true });
          folder = next;
        }
        const log = await openSegmentLog({ folder, segmentBytesMax: 400, bytesMax: 1e6 });
        assert.deepEqual(
          await readAll(log),
          known.map(({ payload }) => payload.toString('latin1')),
        );
        await log.close();
      }),
      { numRuns: 40 },
    );
  });

  it('tells a cut tail from damage, counts both, and reports where damage is', async () => {
    const folder = join(root, String(folderCount++));
    const first = await openSegmentLog({ folder, segmentBytesMax: 100, bytesMax: 1e6 });
    for (let index = 0; index < 4; index++) first.append([Buffer.alloc(60, 'a')]);
    await first.close();
    flip(join(folder, segmentFileName(1)), SEGMENT_HEADER_BYTES + 3);
    flip(join(folder, segmentFileName(2)), SEGMENT_HEADER_BYTES + RECORD_HEADER_BYTES);
    truncateSync(join(folder, segmentFileName(3)), 50);
    const reports: string[] = [];
    const log = await openSegmentLog(
      { folder, segmentBytesMax: 100, bytesMax: 1e6 },
      { reportDamage: (message) => reports.push(message) },
    );
    assert.equal((await readAll(log)).length, 1);
    await readAll(log);
    const { bytesTorn, segmentsDamaged, bytesDamaged } = log.counts;
    assert.deepEqual([bytesTorn, segmentsDamaged, bytesDamaged], [50 - SEGMENT_HEADER_BYTES, 2, 2 * 72]);
    assert.equal(reports.length, 2, 'once, though it was read twice');
    assert.match(
      reports[0] ?? '',
      /1\.segment is damaged at byte 20: the checksum of a record's header does not hold; the 72/,
    );
    assert.match(reports[1] ?? '', /2\.segment is damaged at byte 20: the checksum of a record does not hold/);
    await log.close();
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  writeFileSync(path, bytes);
}

async function readAll(log: SegmentLog): Promise<string[]> {
  const payloads: string[] = [];
  for await (const { payload } of log.replay()) payloads.push(payload.toString('latin1'));
  return payloads;
}
