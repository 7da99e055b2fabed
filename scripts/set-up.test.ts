/** The set-up promise, as far as a test inside a set-up tree can hold it; a clean clone is tried by hand and by CI itself. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  optionalDependencies: Record<string, string>;
};
const SET_UP = 'node scripts/set-up.mjs';

describe('set-up', () => {
  it('has nothing to do, and says nothing, once everything is there', () => {
    const printed = execFileSync(process.execPath, ['scripts/set-up.mjs'], {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.equal(printed, '');
  });

  it('runs before every command that the documentation names', async () => {
    const commands = new Set<string>();
    for await (const page of glob(['README.md', 'docs/**/*.md', '*/README.md'], { cwd: projectRoot })) {
      const text = readFileSync(join(projectRoot, page), 'utf8');
      for (const [, name] of text.matchAll(/npm (?:run )?(?:-s )?(start|test|(?<=run (?:-s )?)[a-z0-9:]+)/g))
        commands.add(name ?? '');
    }
    assert.ok(commands.size >= 4, `only ${[...commands].join(', ')} found`);
    for (const name of commands) {
      assert.ok(manifest.scripts[name] !== undefined, `the documentation names npm run ${name}, which is no script`);
      assert.equal(manifest.scripts[`pre${name}`], SET_UP, `npm run ${name} does not set up first`);
    }
  });

  it('pins every Node that npm brings to one exact version', () => {
    const versions = new Set(Object.values(manifest.optionalDependencies));
    assert.equal(versions.size, 1);
    assert.match([...versions][0] ?? '', /^\d+\.\d+\.\d+$/);
  });

  it('keeps every address of a registry out of the lockfile', () => {
    const lockfile = readFileSync(join(projectRoot, 'package-lock.json'), 'utf8');
    assert.doesNotMatch(lockfile, /"resolved": "https?:/);
  });
});
