/** A viewer that starts fast stays small: the budget fails the build, whoever breaks it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildViewer } from './test-kit/build-viewer.ts';
import type { BuiltViewer } from './test-kit/build-viewer.ts';

const SCRIPT_BYTES_GZIP_MAX = 80 * 1024;

describe('the bundled viewer', () => {
  let viewer: BuiltViewer;
  before(async () => {
    viewer = await buildViewer();
  });
  after(() => viewer.remove());

  it('has at most 80 KiB of script after gzip', () => {
    const folder = join(viewer.folder, 'assets');
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const bytes = scripts.reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length,
      0,
    );
    assert.ok(scripts.length > 0);
    assert.ok(bytes <= SCRIPT_BYTES_GZIP_MAX, `script should be at most ${SCRIPT_BYTES_GZIP_MAX} bytes: was ${bytes}`);
  });

  it('fetches nothing from other hosts', () => {
    const page = readFileSync(join(viewer.folder, 'index.html'), 'utf8');
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.ok(addresses.length >= 3);
    for (const address of addresses) assert.match(address, /^(\/assets\/|data:)/);
  });
});
