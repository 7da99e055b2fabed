import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

describe('npm run pack:tracer', () => {
  it('answers a flag that it does not know with its help and exit code 2', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path('main.ts'), '--nowhere'], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /--nowhere[\s\S]*--out FOLDER/);
  });
});

describe('npm pack of the workspace itself', () => {
  it('refuses, and names the command that packs', () => {
    const { status, stderr } = spawnSync('npm', ['pack', '--dry-run'], {
      cwd: path('..'),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /run `npm run pack:tracer`/);
  });
});
