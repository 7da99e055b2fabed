import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { until } from '../../test/until.ts';
import { isRunning } from '../../test/is-running.ts';
import { launchProgram, projectRoot } from '../index.ts';
import { openLogFile } from './log-file.ts';

const FIXTURE = 'command/fixtures/server.ts';
const folder = await mkdtemp(join(tmpdir(), 'tracelab-command-'));
after(() => rm(folder, { recursive: true, force: true }));

describe('launchProgram', () => {
  it('reports the address when the program is ready, keeps its log, and stops it', async () => {
    const logFile = join(folder, 'logs', 'fixture.log');
    const program = launchProgram({ name: 'fixture', file: FIXTURE, logFile });
    const { url } = await program.ready;
    assert.equal((await fetch(`${url}/things/1`)).status, 200);
    const end = await program.stop();
    assert.deepEqual([end.code, end.signal], [0, null]);
    assert.match(await readFile(logFile, 'utf8'), /listens on \d+\nended\n/);
    await assert.rejects(fetch(`${url}/things/1`));
  });

  it('rejects ready with the last lines of a program that ends before', async () => {
    const program = launchProgram({ name: 'fixture', file: FIXTURE, args: ['--port', '99999'] });
    await assert.rejects(program.ready, /fixture ended before it was ready \(exit code 2\):\nerror: --port should be/);
  });

  it('kills a program that does not end when asked', async () => {
    const program = launchProgram({ name: 'fixture', file: FIXTURE, args: ['--stubborn'] });
    await program.ready;
    const end = await program.stop(200);
    assert.equal(end.signal, 'SIGKILL');
  });

  it('lets no child outlive a launcher that was killed', async () => {
    const script = `import { launchProgram } from ${JSON.stringify(resolve(projectRoot, 'command/index.ts'))};
      const program = launchProgram({ name: 'fixture', file: '${FIXTURE}' });
      await program.ready; console.log(program.pid);`;
    const launcher = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    launcher.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await until('the launcher prints the pid of its child', () => printed.includes('\n'));
    launcher.kill('SIGKILL');
    await until('the child has ended', () => !isRunning(Number(printed)));
  });
});

describe('watchParent', () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(
      `ends a program whose npm was ended by ${signal}, although a shell stands between`,
      { skip: process.platform === 'win32' && 'needs a POSIX shell' },
      async () => {
        // The shell stays (it has a second command), as the one of npm may: only its parent is killed.
        const command = `"${process.execPath}" ${FIXTURE}; true`;
        const npm = spawn(
          process.execPath,
          ['-e', `require('child_process').spawn('sh', ['-c', ${JSON.stringify(command)}], { stdio: 'inherit' })`],
          {
            cwd: projectRoot,
            env: { ...process.env, npm_lifecycle_event: 'start' },
            stdio: ['ignore', 'ignore', 'pipe'],
          },
        );
        let printed = '';
        npm.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
        await until('the program listens', () => /pid \d+ listens/.test(printed));
        const pid = Number(/pid (\d+)/.exec(printed)?.[1]);
        npm.kill(signal);
        await until('the program has ended', () => !isRunning(pid));
      },
    );
  }
});

describe('openLogFile', () => {
  it('moves a full log aside, keeps one, and never grows beyond twice its bound', async () => {
    const path = join(folder, 'bounded.log');
    const log = openLogFile(path, 10);
    for (const line of ['first-one\n', 'second-two\n', 'third\n']) log.write(Buffer.from(line));
    log.close();
    assert.equal(await readFile(path, 'utf8'), 'third\n');
    assert.equal(await readFile(`${path}.1`, 'utf8'), 'second-two\n');
  });

  it('drops what cannot be written, and says how much once it can', async () => {
    const path = join(folder, 'blocked.log');
    const log = openLogFile(path, 10);
    await mkdir(join(`${path}.1`, 'in-the-way'), { recursive: true });
    for (const line of ['first-one\n', 'second-two\n']) log.write(Buffer.from(line));
    assert.equal(await readFile(path, 'utf8'), 'first-one\n');
    await rm(`${path}.1`, { recursive: true });
    log.write(Buffer.from('third\n'));
    log.close();
    assert.equal(await readFile(path, 'utf8'), '(11 bytes of this log could not be written)\nthird\n');
  });

  it('refuses a place that cannot be written, saying what to do', async () => {
    await mkdir(join(folder, 'folder.log'));
    assert.throws(
      () => openLogFile(join(folder, 'folder.log')),
      /folder\.log cannot be written \(EISDIR\): move away what is there, or choose another folder with LAB_DATA_DIR/,
    );
  });
});
