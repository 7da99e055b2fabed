/** The command as a user runs it, a process of its own, against real servers: one that answers, one that does not, and none. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import { parseTraceparent } from '@tracelab/protocol';
import { summarizeShots } from '../measure/shots-summary.ts';
import { renderAttack } from '../report/attack-report.ts';
import { parseAttackResult, type AttackResult } from './result.ts';
import { emptyShots, NOT_SENT, UNFINISHED } from './shots.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-attack-test-'));
const servers: { close: () => unknown }[] = [];

after(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function attack(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const program = join(projectRoot, 'loadtest/main.ts');
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'attack', '--warm-up-s', '0', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function resultIn(out: string): AttackResult {
  const parsed = parseAttackResult(readFileSync(join(out, 'attack.json'), 'utf8'));
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
  return parsed.value;
}

describe('attack', () => {
  it('sends what it was told to, saves every request, and computes its report from the file', async () => {
    const paths: string[] = [];
    const url = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.statusCode = paths.length % 5 === 0 ? 503 : 200;
      response.end();
    });
    const out = join(folder, 'plain');
    const { stdout } = await attack(['--url', `${url}/a?b=c`, '--rate', '100', '--duration-s', '0.2', '--out', out]);
    assert.match(stdout, /Open loop: GET http:\/\/127\.0\.0\.1:\d+\/a\?b=c, 100 requests\/s, evenly spaced, 0\.2 s/);
    assert.match(stdout, /answered 200 +16 +80\.0 %\nanswered 503 +4 +20\.0 %\nall that were due +20 +100 %/);
    assert.deepEqual(new Set(paths), new Set(['/a?b=c']));
    assert.equal(paths.length, 21, 'and one before all others, to see that somebody is there');
    const { shots } = resultIn(out);
    assert.deepEqual(
      shots.dueUs,
      Array.from({ length: 20 }, (_, index) => index * 10_000),
    );
    const again = await attack(['--from', join(out, 'attack.json')]);
    assert.equal(again.stdout, stdout);
  });

  it('plays the shoppers at the gateway, and begins their traces where it is told to', async () => {
    const flags: (number | undefined)[] = [];
    const gateway = await serve((request, response) => {
      if (request.url === '/products') return response.end(JSON.stringify([{ sku: 'mug' }]));
      const header = request.headers['traceparent'];
      flags.push(typeof header === 'string' ? parseTraceparent(header)?.flags : undefined);
      return response.end(JSON.stringify({ url: request.url }));
    });
    const common = ['--rate', '200', '--duration-s', '0.2', '--seed', '7', '--out', join(folder, 'shop')];
    const { stdout } = await attack([...common, '--client-rate', '0.5'], { GATEWAY_URL: gateway });
    assert.match(stdout, /Open loop: POST http:\/\/127\.0\.0\.1:\d+\/checkout/);
    const sampled = flags.filter((flag) => flag === 3).length;
    assert.equal(flags.filter((flag) => flag === 2).length, flags.length - sampled, 'flags 03 or 02');
    assert.ok(sampled > 5 && sampled < 35, `${sampled} of 41`);
    flags.length = 0;
    await attack(common, { GATEWAY_URL: gateway });
    assert.deepEqual(new Set(flags), new Set([undefined]), 'the gateway is the root');
  });

  it('ends at once, with 1 and a line, where nobody is there, and where what is there never answers', async () => {
    const down = await attack(['--url', 'http://127.0.0.1:1/']);
    assert.deepEqual([down.code, down.stdout], [1, '']);
    assert.match(down.stderr, /nobody answers at http:\/\/127\.0\.0\.1:1\/: ECONNREFUSED/);
    const silent = createTcpServer(() => {});
    servers.push(silent);
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const hung = await attack(['--url', `http://127.0.0.1:${port}/`, '--timeout-s', '0.2']);
    assert.equal(hung.code, 1);
    assert.match(hung.stderr, /nobody answers at .*: UND_ERR_HEADERS_TIMEOUT/);
  });

  it('does not report latencies as the target’s where it could not send all', async () => {
    const url = await serve((_request, response) => setTimeout(() => response.end(), 300));
    const out = join(folder, 'full');
    const limits = ['--in-flight-max', '2', '--rate', '100', '--duration-s', '0.1'];
    const { code, stdout } = await attack(['--url', url, ...limits, '--out', out]);
    assert.equal(code, 1);
    assert.match(stdout, /THIS SENDER DID NOT KEEP UP: 8 requests were due while 2 were unanswered/);
    assert.doesNotMatch(stdout, /^latency/m);
  });

  it('keeps what is measured at Ctrl-C, what is under way included', async () => {
    const arrived = Promise.withResolvers<void>();
    let requests = 0;
    const url = await serve((_request, response) => {
      requests++;
      // The one before all others, and two more; then nobody is answered.
      if (requests <= 3) response.end();
      else if (requests === 5) arrived.resolve();
    });
    const out = join(folder, 'interrupted');
    const program = join(projectRoot, 'loadtest/main.ts');
    const args = ['attack', '--warm-up-s', '0', '--url', url, '--rate', '20', '--duration-s', '60', '--out', out];
    const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
    await arrived.promise;
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [1, null]);
    const { complete, shots } = resultIn(out);
    assert.equal(complete, false);
    assert.deepEqual(shots.status.slice(0, 4), [200, 200, UNFINISHED, UNFINISHED]);
  });

  it('prints one JSON document with --json', async () => {
    const url = await serve((_request, response) => response.end());
    const out = join(folder, 'json');
    const { stdout } = await attack(['--url', url, '--rate', '50', '--duration-s', '0.1', '--out', out, '--json']);
    const { summary, file } = JSON.parse(stdout) as { summary: { answered: number }; file: string };
    assert.deepEqual([summary.answered, file], [5, join(out, 'attack.json')]);
  });

  it('refuses what is no address and no result, with 2', async () => {
    assert.equal((await attack(['--url', 'shop'])).code, 2);
    const file = join(folder, 'other.json');
    writeFileSync(file, '{"format":"tracelab-overhead"}');
    const { code, stderr } = await attack(['--from', file]);
    assert.equal(code, 2);
    assert.match(stderr, /is not a result of `attack`/);
  });
});

describe('a saved load', () => {
  const SAVED: AttackResult = {
    format: 'tracelab-attack',
    version: 1,
    startedAt: '2026-11-28T08:00:00.000Z',
    complete: true,
    seed: 1,
    machine: { cpuModel: 'x', cores: 2, memoryBytes: 1, platform: 'linux x64', node: 'v24', loadAverageBefore: 0 },
    load: 'GET http://127.0.0.1/',
    inFlightMax: 1,
    senderCores: 0.1,
    failures: {},
    shots: { dueUs: [0], latenessUs: [1], latencyUs: [2], status: [200] },
  };

  it('is read as it was written', () => {
    assert.deepEqual(parseAttackResult(JSON.stringify(SAVED)), { ok: true, value: SAVED });
  });

  const wrong: [what: string, change: object, refusal: RegExp][] = [
    ['a later version', { version: 2 }, /has version 2: this program reads version 1/],
    ['a missing field', { seed: undefined }, /"seed" should be a number/],
    ['a sender that does not say from when it counts', { sender: 'k6' }, /"latencyFrom" should be a string/],
    ['a latency from another time', { latencyFrom: 'due' }, /"latencyFrom" should be "send" or absent/],
    ['nothing in the place of an object', { machine: null }, /"machine" should be an object/],
    ['a machine of which nothing is said', { machine: {} }, /"machine.cpuModel" should be a string/],
    ['a failure that is no number', { failures: { ECONNRESET: '2' } }, /"failures" should be an object of numbers/],
    ['no shots', { shots: [] }, /"shots" should be an object/],
    ['a column missing', { shots: {} }, /"shots.dueUs" should be a list/],
    [
      'columns of different length',
      { shots: { ...SAVED.shots, status: [200, 200] } },
      /"shots.status" should be a list/,
    ],
    ['text in a column', { shots: { ...SAVED.shots, latencyUs: ['2'] } }, /"shots.latencyUs" should be a list/],
  ];
  for (const [what, change, refusal] of wrong) {
    it(`is refused with ${what}`, () => {
      const parsed = parseAttackResult(JSON.stringify({ ...SAVED, ...change }));
      assert.ok(!parsed.ok);
      assert.match(parsed.error, refusal);
    });
  }

  it('in which nothing was due says so, without a figure', () => {
    const result: AttackResult = { ...SAVED, complete: false, shots: emptyShots() };
    const report = renderAttack(result, summarizeShots(result.shots));
    assert.match(report, /ENDED EARLY[\s\S]*No request was due/);
    assert.doesNotMatch(report, /NaN|requests\/s/);
  });

  it('of another sender is told from the send, and what was dropped without a latency', () => {
    const { seed: _seed, senderCores: _cores, ...common } = SAVED;
    const foreign: AttackResult = { ...common, sender: 'k6 v1.8.1', latencyFrom: 'send' };
    assert.deepEqual(parseAttackResult(JSON.stringify(foreign)), { ok: true, value: foreign });
    const shots = { dueUs: [0, 1], latenessUs: [0, 0], latencyUs: [2, 0], status: [200, NOT_SENT] };
    const report = renderAttack(foreign, summarizeShots(shots));
    assert.match(report, /DID NOT KEEP UP: 1 requests were due while 1 were unanswered, and were not sent\./);
    assert.doesNotMatch(report, /from the send {2}|lateness|seed|of a core/);
  });

  it('of few requests tells how late the latest was, where a p99 needs a hundred', () => {
    const shots = { dueUs: [0, 1000], latenessUs: [10, 5000], latencyUs: [900, 6000], status: [200, 200] };
    const report = renderAttack({ ...SAVED, shots }, summarizeShots(shots));
    assert.match(report, /DID NOT KEEP UP: .* \(the latest by 5\.00 ms\)/);
  });

  it('is refused where it is no JSON', () => {
    const parsed = parseAttackResult('{');
    assert.ok(!parsed.ok);
    assert.match(parsed.error, /is not JSON/);
  });
});
