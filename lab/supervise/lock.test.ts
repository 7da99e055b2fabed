import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { takeLock } from './lock.ts';

const URL = 'http://127.0.0.1:4690';

describe('the lock of a data folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'tracelab-lock-'));
  let folder: string;
  let count = 0;

  after(() => rmSync(root, { recursive: true }));
  beforeEach(() => {
    folder = join(root, String(count++));
  });

  it('is taken once, and says who has it and how to run a second lab', () => {
    const lock = takeLock(folder, URL);
    assert.throws(
      () => takeLock(folder, URL),
      new RegExp(`already running \\(pid ${process.pid}, control at ${URL}\\).*LAB_PORT_BASE=5600`),
    );
    lock.release();
    takeLock(folder, URL).release();
    assert.equal(existsSync(join(folder, 'lab.lock')), false);
  });

  it('is taken over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    takeLock(folder, URL).release();
    writeFileSync(join(folder, 'lab.lock'), JSON.stringify({ pid: child.pid, startTicks: '1', controlUrl: URL }));
    takeLock(folder, URL).release();
  });

  it(
    'is taken over where the process id was given to another process',
    { skip: process.platform === 'linux' ? false : 'start times are read on Linux only' },
    () => {
      takeLock(folder, URL).release();
      writeFileSync(join(folder, 'lab.lock'), JSON.stringify({ pid: process.pid, startTicks: '1', controlUrl: URL }));
      takeLock(folder, URL).release();
    },
  );

  it('is taken over where the file is damaged', () => {
    takeLock(folder, URL).release();
    writeFileSync(join(folder, 'lab.lock'), '{');
    takeLock(folder, URL).release();
  });

  it('says that the data folder cannot be written, and what to do', () => {
    writeFileSync(folder, 'a file where the folder should be');
    assert.throws(
      () => takeLock(join(folder, 'data'), URL),
      /the data folder cannot be written \(ENOTDIR, a file is above it: .*LAB_DATA_DIR/,
    );
  });
});
