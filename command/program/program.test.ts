import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectRoot } from '../index.ts';
import { runFixture } from '../fixtures/run.ts';

describe('runVerbs', () => {
  it('prints exactly one JSON document on stdout with --json, and progress on stderr', async () => {
    const ended = await runFixture('family.ts', [
      'thing',
      'add',
      'box',
      '--size',
      '4',
      '--tag',
      'a',
      '--tag',
      'b',
      '--json',
    ]);
    assert.deepEqual(JSON.parse(ended.stdout), { name: 'box', size: 4, tag: ['a', 'b'] });
    assert.equal(ended.stderr, 'adding\n');
    assert.equal(ended.code, 0);
  });

  it('lets a flag win over the environment and the environment over the default', async () => {
    const sizeOf = async (args: string[], env: Record<string, string>): Promise<unknown> =>
      (
        JSON.parse((await runFixture('family.ts', ['thing', 'add', 'x', '--json', ...args], env)).stdout) as {
          size: number;
        }
      ).size;
    assert.deepEqual(
      await Promise.all([
        sizeOf([], {}),
        sizeOf([], { THING_SIZE: '5' }),
        sizeOf(['--size', '7'], { THING_SIZE: '5' }),
      ]),
      [3, 5, 7],
    );
  });

  it('ends with 2 and names the flag, what it was and what is allowed', async () => {
    const ended = await runFixture('family.ts', ['thing', 'add', 'x', '--size', '12']);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /--size should be a whole number from 1 to 9: was "12"/);
    assert.equal(ended.stdout, '');
  });

  it('refuses an empty flag, where an empty variable stands for none', async () => {
    const ended = await runFixture('family.ts', ['thing', 'add', 'x', '--size', '']);
    assert.deepEqual([ended.code, ended.stdout], [2, '']);
    assert.match(ended.stderr, /--size should be a whole number from 1 to 9: was empty/);
    assert.equal((await runFixture('family.ts', ['thing', 'add', 'x'], { THING_SIZE: '' })).code, 0);
  });

  it('names the variable where the environment is wrong', async () => {
    const ended = await runFixture('family.ts', ['thing', 'add', 'x'], { THING_SIZE: 'big' });
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /THING_SIZE should be a whole number from 1 to 9: was "big"/);
  });

  it('ends with 2 for an unknown verb, an unknown flag and a missing parameter', async () => {
    const ends = await Promise.all([
      runFixture('family.ts', ['fly']),
      runFixture('family.ts', ['fail', '--fast']),
      runFixture('family.ts', ['thing', 'add']),
    ]);
    assert.deepEqual(
      ends.map((ended) => ended.code),
      [2, 2, 2],
    );
    assert.match(ends[0].stderr, /unknown command 'fly'/);
    assert.match(ends[1].stderr, /unknown option '--fast'/);
    assert.match(ends[2].stderr, /missing required argument 'name'/);
  });

  it('tells exit codes apart: 1 did not hold, 1 with a stack for a defect, 2 called wrongly', async () => {
    const [fail, held, usage, defect] = await Promise.all([
      runFixture('family.ts', ['fail']),
      runFixture('family.ts', ['refuse', 'held']),
      runFixture('family.ts', ['refuse', 'usage']),
      runFixture('family.ts', ['refuse', 'defect']),
    ]);
    assert.deepEqual([fail.code, held.code, usage.code, defect.code], [1, 1, 2, 1]);
    assert.equal(held.stderr, 'error: the door is shut\n');
    assert.match(defect.stderr, /defect: Error: a defect\n\s+at /);
  });

  it('shows every flag, variable, range and example in --help and ends with 0', async () => {
    const ended = await runFixture('family.ts', ['thing', 'add', '--help']);
    assert.equal(ended.code, 0);
    for (const part of [
      '--size <value>',
      'a whole number from 1 to 9; default 3, or THING_SIZE',
      '--json',
      'family thing add box --size 4',
      'Exit codes',
    ]) {
      assert.ok(ended.stdout.replace(/\s+/g, ' ').includes(part), `--help lacks ${part}:\n${ended.stdout}`);
    }
  });

  it(
    'ends without a stack where the reader of its output has gone',
    { skip: process.platform === 'win32' && 'needs a POSIX shell' },
    async () => {
      const command = `"${process.execPath}" command/fixtures/family.ts --help | true`;
      const { stderr } = await promisify(execFile)('sh', ['-c', command], { cwd: projectRoot });
      assert.equal(stderr, '');
    },
  );

  it('hands the arguments of a passing verb on unread', async () => {
    const ended = await runFixture('family.ts', ['pass', '--quick', 'x', '--help']);
    assert.equal(ended.stdout, '--quick x --help\n');
  });
});
