/** The command line as a user meets it: real processes of `lab/main.ts` against a control over a fake bank. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createHttpServer, projectRoot } from '@tracelab/command';
import { PORTS, SERVICES } from '@tracelab/protocol';
import type { ServiceName } from '@tracelab/protocol';
import { createControl } from './control/create-control.ts';
import { startFakeService } from './control/fake-service.test-kit.ts';
import type { FakeService } from './control/fake-service.test-kit.ts';
import { createPlane } from './control/plane.ts';
import { takeLock } from './supervise/lock.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function lab(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const file = join(projectRoot, 'scripts/run.mjs');
  execFile(
    process.execPath,
    [file, 'lab/main.ts', ...args],
    { env: { PATH: process.env['PATH'], ...env } },
    (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    },
  );
  return promise;
}

describe('the command line of the lab', () => {
  let bank: FakeService;
  let control: ReturnType<typeof createControl>;
  let env: Record<string, string>;

  before(async () => {
    bank = await startFakeService('bank');
    const serviceUrls = Object.fromEntries(
      SERVICES.map((service) => [service, service === 'bank' ? bank.url : 'http://127.0.0.1:1']),
    ) as Record<ServiceName, string>;
    const clock = { nowUnixMs: Date.now, randomSeed: () => 42 };
    const plane = createPlane({
      serviceUrls,
      loadUrl: undefined,
      token: '',
      clock,
      report: () => {},
      supervised: undefined,
    });
    await plane.refresh();
    control = createControl(plane, { logLevel: 'silent' });
    env = { LAB_CONTROL_URL: await control.listen({ host: '127.0.0.1', port: 0 }) };
  });

  after(async () => {
    await control.close();
    await bank.close();
  });

  it('adds, lists and clears a fault', async () => {
    const added = await lab(['fault', 'add', 'bank', '--route', '/charge', '--delay', '870ms'], env);
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stdout, /fault bank-charge-delay is in force: any method \/charge, delay 870ms/);
    assert.deepEqual(
      bank.faults.map(({ route, delay }) => ({ route, delay })),
      [{ route: '/charge', delay: { kind: 'fixed', ms: 870 } }],
    );
    const listed = await lab(['fault', 'list', '--json'], env);
    const { faults } = JSON.parse(listed.stdout) as { faults: { id: string; applied: boolean }[] };
    assert.deepEqual(
      faults.map(({ id, applied }) => [id, applied]),
      [['bank-charge-delay', true]],
    );
    const cleared = await lab(['fault', 'clear'], env);
    assert.equal(cleared.stdout.trim(), 'cleared: bank-charge-delay');
    assert.deepEqual(bank.faults, []);
  });

  it('shows the clocks of the services, and takes an offset for one that is away, behind as well', async () => {
    const set = await lab(['clock', 'payments', '-250'], env);
    assert.equal(set.code, 0, set.stderr);
    assert.match(set.stdout, /clock of payments 250 ms behind: payments is away and gets it when it returns/);
    const shown = await lab(['clock', '--json'], env);
    const { clocks } = JSON.parse(shown.stdout) as { clocks: { service: string }[] };
    assert.deepEqual(
      clocks.find(({ service }) => service === 'payments'),
      { service: 'payments', offsetMs: -250, status: 'away' },
    );
    const wrong = await lab(['clock', 'payments', 'late'], env);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /whole number from -3600000 to 3600000.*"late"/);
  });

  it('says that a fault waits for a service that is away', async () => {
    const added = await lab(['fault', 'add', 'cache', '--reset', '--for', '30s'], env);
    assert.match(added.stdout, /is wanted; cache is away and gets it when it returns/);
    await lab(['fault', 'clear', 'cache-error'], env);
  });

  it('ends with 2 and what is allowed where it is called wrongly', async () => {
    const wrong = await lab(['fault', 'add', 'bank', '--delay', '870'], env);
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /--delay should be 870ms, uniform:.*was "870"/);
    const unknown = await lab(['recall'], env);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /there is no verb "recall": there are up, control, fault add/);
  });

  it('ends with 1 and what to do where no lab runs', async () => {
    const lost = await lab(['fault', 'list'], { LAB_CONTROL_URL: 'http://127.0.0.1:1' });
    assert.equal(lost.code, 1);
    assert.match(lost.stderr, /no lab answers at http:\/\/127\.0\.0\.1:1 .*start it with 'npm start'/);
  });

  it('ends with 1 and what to do where another program answers', async () => {
    // A service answers the same paths in another shape.
    const other = createHttpServer({ name: 'other', logLevel: 'silent' });
    other.get('/_lab/faults', () => []);
    other.put('/_lab/faults/:id', (request) => request.body);
    const url = await other.listen({ host: '127.0.0.1', port: 0 });
    for (const args of [
      ['fault', 'list'],
      ['fault', 'add', 'bank', '--reset'],
    ]) {
      const lost = await lab(args, { LAB_CONTROL_URL: url });
      assert.equal(lost.code, 1);
      assert.match(lost.stderr, /what answers at http:.* is not the control of a lab \(status 200\)/);
    }
    await other.close();
  });

  it('refuses a ratio that is given twice, or to a sampler that takes none', async () => {
    const twice = await lab(['tracing', 'traceidratio', '0.5', '--ratio', '0.3'], env);
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /the ratio was given twice, 0.5 and --ratio 0.3/);
    const useless = await lab(['tracing', 'always_on', '0.5'], env);
    assert.equal(useless.code, 2);
    assert.match(useless.stderr, /arg should be left out, always_on takes none: was 0.5/);
  });

  it('passes on that there are no shoppers to control', async () => {
    const reply = await lab(['load', '5'], env);
    assert.equal(reply.code, 1);
    assert.match(reply.stderr, /without shoppers/);
  });
});

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracelab-up-'));
  const env = { LAB_DATA_DIR: folder };
  const anyPorts = Object.fromEntries(Object.values(PORTS).map(({ variable }) => [variable, '0']));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('refuses to run beside a lab that runs already, before anything is started', async () => {
    const lock = takeLock(folder, 'http://127.0.0.1:4690');
    const second = await lab(['up'], env);
    lock.release();
    assert.deepEqual([second.code, second.stdout], [1, '']);
    assert.match(second.stderr, new RegExp(`a lab is already running \\(pid ${process.pid}, control at`));
    assert.deepEqual(readdirSync(folder), []);
  });

  it('names a busy port, who holds it and a command that works, before anything is started', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const refused = await lab(['up'], { ...env, ...anyPorts, BANK_PORT: String(port) });
    holder.close();
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, new RegExp(`port ${port} \\(bank\\) is held by .*LAB_PORT_BASE=5600 npm start`));
    assert.deepEqual(readdirSync(folder), []);
  });

  it('says that the data folder cannot be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const refused = await lab(['up'], { LAB_DATA_DIR: join(file, 'data') });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /the data folder cannot be written \(ENOTDIR/);
    mkdirSync(join(folder, 'taken', 'lab.lock'), { recursive: true });
    const taken = await lab(['up'], { LAB_DATA_DIR: join(folder, 'taken') });
    assert.equal(taken.code, 1);
    assert.match(
      taken.stderr,
      /the data folder cannot be written \(EISDIR, a folder is in the place of a file: .*lab\.lock\)/,
    );
  });

  it('refuses a way of sampling and a tracer that it does not know', async () => {
    const sampling = await lab(['up', '--sampling', 'some'], env);
    assert.equal(sampling.code, 2);
    assert.match(sampling.stderr, /--sampling.*all, tail, hybrid.*some/);
    const tracer = await lab(['up'], { ...env, LAB_TRACER: 'jaeger' });
    assert.equal(tracer.code, 2);
    assert.match(tracer.stderr, /LAB_TRACER=jaeger is unknown: use one of lab, otel, none, api/);
  });
});
