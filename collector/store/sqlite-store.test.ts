import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { NotHeldError } from '@tracelab/command';
import { decidedOf } from '../fixtures/decided.ts';
import { spanIdFor, TRACE_ID, traceIdFor } from '../fixtures/make-trace.ts';
import { describeStore } from './contract.ts';
import { openSqliteStore } from './open-store.ts';
import { ATTRIBUTE_SCAN_TRACES_MAX } from './trace-store.ts';

let folder = '';
let fileCount = 0;
const newFile = (): string => join(folder, `${fileCount++}`, 'traces.sqlite');
const report = (): void => {};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracelab-store-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describeStore({
  name: 'SQLite store',
  open: (bounds) => openSqliteStore(newFile(), { report, ...(bounds === undefined ? {} : { bounds }) }),
});

describe('SQLite store', () => {
  it('keeps its traces over a restart', async () => {
    const file = newFile();
    const first = await openSqliteStore(file, { report });
    first.accept(decidedOf([{ spanId: spanIdFor(0), service: 'shop' }]));
    await first.close(5000);
    const second = await openSqliteStore(file, { report });
    assert.equal((await second.readParts(TRACE_ID)).length, 1);
    assert.deepEqual(await second.services(), ['shop']);
    await second.close(1000);
  });

  it('says in one sentence that a folder cannot be used', async () => {
    const notAFolder = join(folder, 'a-file');
    await writeFile(notAFolder, '');
    await assert.rejects(openSqliteStore(join(notAFolder, 'traces.sqlite'), { report }), (error: Error) => {
      assert.ok(error instanceof NotHeldError);
      assert.match(
        error.message,
        /^the store cannot use .*a-file.traces\.sqlite: .*; give another folder with --data or LAB_DATA_DIR$/,
      );
      return true;
    });
  });

  it('refuses a database that is damaged behind its first page', async () => {
    const file = newFile();
    const store = await openSqliteStore(file, { report });
    store.accept(decidedOf([{ spanId: spanIdFor(0) }]));
    await store.close(5000);
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0xa5, 2 * 4096));
    await assert.rejects(
      openSqliteStore(file, { report }),
      /cannot use .*traces\.sqlite: .*malformed; give another folder/,
    );
  });

  it('refuses a file that is no database, and one of another version', async () => {
    const noDatabase = join(folder, 'no-database');
    await writeFile(noDatabase, 'x'.repeat(5000));
    await assert.rejects(openSqliteStore(noDatabase, { report }), /cannot use .*no-database: file is not a database/);
    const newer = join(folder, 'newer');
    const database = new DatabaseSync(newer);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await assert.rejects(openSqliteStore(newer, { report }), /has schema version 99, this collector reads 1/);
  });

  it('stops the scan for attributes at its bound and says so', async () => {
    const store = await openSqliteStore(newFile(), { report });
    const template = decidedOf([{ spanId: spanIdFor(0) }]);
    for (let index = 0; index <= ATTRIBUTE_SCAN_TRACES_MAX; index++)
      store.accept({ ...template, traceId: traceIdFor(index) });
    await store.flush();
    const { traces, truncated } = await store.search({ attributes: [{ key: 'no', value: 'where' }], limit: 5 });
    assert.deepEqual([traces.length, truncated], [0, true]);
    await store.close(1000);
  });
});
