import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { EMPTY_LEDGER } from '@tracelab/protocol';
import { readLedgerFile, writeLedgerFile, type LedgerSnapshot } from './ledger-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'tracelab-ledger-'));
after(() => rm(folder, { recursive: true, force: true }));

const SNAPSHOT: LedgerSnapshot = {
  sinceUnixMs: 1_780_000_000_000,
  counts: { ...EMPTY_LEDGER, received: 9, rejected: 1, sampledOut: 3, kept: 5, stored: 4, storeDropped: 1 },
  segmentsSettled: [7, 9],
  segmentLast: 9,
};

async function read(
  name: string,
  wasUsed = true,
): Promise<{ snapshot: LedgerSnapshot | undefined; reports: string[] }> {
  const reports: string[] = [];
  const report = (message: string): void => void reports.push(message.replaceAll(folder, ''));
  return { snapshot: await readLedgerFile({ path: join(folder, name), wasUsed, report }), reports };
}

describe('the ledger file', () => {
  it('reads what was written last, and leaves nothing else behind', async () => {
    const path = join(folder, 'whole', 'ledger.json');
    await assert.rejects(writeLedgerFile(path, SNAPSHOT), { code: 'ENOENT' });
    await writeLedgerFile(join(folder, 'ledger.json'), { ...SNAPSHOT, segmentLast: 8 });
    await writeLedgerFile(join(folder, 'ledger.json'), SNAPSHOT);
    assert.deepEqual(await read('ledger.json'), { snapshot: SNAPSHOT, reports: [] });
    assert.deepEqual(await readdir(folder), ['ledger.json']);
  });

  it('begins anew where it is missing, and says so only beside traces of an earlier life', async () => {
    assert.deepEqual(await read('none.json', false), { snapshot: undefined, reports: [] });
    const { snapshot, reports } = await read('none.json');
    assert.equal(snapshot, undefined);
    assert.match(
      reports.join(),
      /^\/none\.json is missing beside traces of an earlier run: the ledger counts from now on/,
    );
  });

  it('begins anew, and says why, where any byte of it is wrong', async () => {
    await writeLedgerFile(join(folder, 'good.json'), SNAPSHOT);
    const good = await readFile(join(folder, 'good.json'));
    for (let at = 0; at < good.length - 1; at++) {
      const flipped = Buffer.from(good);
      flipped[at] = (flipped[at] as number) ^ 1;
      await writeFile(join(folder, 'flipped.json'), flipped);
      const { snapshot, reports } = await read('flipped.json');
      assert.equal(snapshot, undefined, flipped.toString());
      assert.match(reports.join(), /^\/flipped\.json cannot be read: .*; the ledger counts from now on/);
    }
  });

  it('begins anew where it is cut short, of another version, or has counts that do not balance', async () => {
    const whole = (await readFile(join(folder, 'good.json'))).toString();
    await writeFile(join(folder, 'cut.json'), whole.slice(0, 50));
    await writeFile(join(folder, 'empty.json'), '');
    await writeFile(join(folder, 'later.json'), whole.replace('"version":1', '"version":2'));
    await writeLedgerFile(join(folder, 'odd.json'), { ...SNAPSHOT, counts: { ...SNAPSHOT.counts, kept: 6 } });
    await writeLedgerFile(join(folder, 'negative.json'), { ...SNAPSHOT, segmentsSettled: [-1] });
    for (const [name, reason] of [
      ['cut.json', /cannot be read: .*JSON/],
      ['empty.json', /cannot be read: .*JSON/],
      ['later.json', /its version should be 1: was 2/],
      ['odd.json', /it does not balance: 9 spans were received, 10 are accounted for/],
      ['negative.json', /it does not have the counts of a ledger/],
    ] as const) {
      const { snapshot, reports } = await read(name);
      assert.equal(snapshot, undefined);
      assert.match(reports.join(), reason);
    }
  });
});
