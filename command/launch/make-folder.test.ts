import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  const root = mkdtempSync(join(tmpdir(), 'tracelab-folder-'));
  after(() => rmSync(root, { recursive: true }));

  it('makes the folder and its parents, and takes one that exists', () => {
    const path = join(root, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    assert.ok(existsSync(path));
  });

  it('refuses where a file is in the way', () => {
    writeFileSync(join(root, 'file'), '');
    assert.throws(() => makeFolder(join(root, 'file')), /EEXIST/);
    assert.throws(() => makeFolder(join(root, 'file', 'below')), /ENOTDIR|ENOENT|EEXIST/);
  });

  it('ends where the file system takes no folders', { skip: process.platform !== 'linux' }, () => {
    assert.throws(() => makeFolder('/proc/tracelab/data'), /ENOENT/);
  });
});
