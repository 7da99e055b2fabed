import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import { referencePages } from './generate-reference.ts';

it('the reference says what the code says (mend with: node scripts/generate-reference.ts)', () => {
  for (const [path, text] of referencePages())
    assert.equal(readFileSync(join(projectRoot, path), 'utf8'), text, `${path} is stale`);
});
