import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-k6-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function runK6(binary: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, K6_BIN: binary, GATEWAY_URL: 'http://gateway.test' };
  const child = spawn(process.execPath, [join(projectRoot, 'loadtest/main.ts'), 'k6', ...args], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** A program that prints its arguments and ends as k6 would. */
function fakeBinary(exitCode: number): string {
  const file = join(folder, `k6-${exitCode}`);
  writeFileSync(
    file,
    `#!${process.execPath}\nconsole.log(process.argv.slice(2).join(' '));\nprocess.exit(${exitCode});\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

const skip = process.platform === 'win32' ? 'a script cannot stand in for a binary on Windows' : false;

describe('npm run k6', () => {
  it('hands rate, duration and gateway to the script', { skip }, async () => {
    const { code, stdout } = await runK6(fakeBinary(0), '--rate', '25', '--duration', '5s');
    assert.equal(code, 0);
    assert.match(stdout, /^run -e RATE=25 -e DURATION=5s -e GATEWAY_URL=http:\/\/gateway\.test .*checkout\.ts$/m);
  });

  it('ends with 1 where a threshold failed', { skip }, async () => {
    const { code, stderr } = await runK6(fakeBinary(99));
    assert.equal(code, 1);
    assert.match(stderr, /a threshold failed/);
  });

  it('says what to do where there is no k6', async () => {
    const { code, stderr } = await runK6(join(folder, 'absent'));
    assert.equal(code, 1);
    assert.match(stderr, /cannot be started .*: install k6 and name it with K6_BIN/);
  });
});
