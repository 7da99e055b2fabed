import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { differencesTable } from './differences.ts';

const README = new URL('README.md', import.meta.url);
const TABLE = /(?<=<!-- differences of the official SDK -->\n\n)[^]*?(?=\n\n<!-- end -->)/;

it('README.md lists every known difference of the official SDK', () => {
  const written = readFileSync(README, 'utf8');
  const current = written.replace(TABLE, () => differencesTable('official'));
  assert.match(written, TABLE, 'the place of the table');
  if (current === written) return;
  writeFileSync(README, current);
  assert.fail('the table was stale and has been written anew: look at the change and commit it');
});
