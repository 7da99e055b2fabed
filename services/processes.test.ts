/** Goal: the shop works as the processes that the lab starts. Method: real processes, without a tracer, on free ports. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LaunchedProgram } from '@tracelab/command';
import { launchProgram } from '@tracelab/command';
import type { Order } from '@tracelab/protocol';
import { SERVICES } from '@tracelab/protocol';
import { shopEnvironment } from './kit/shop/shop-environment.test-kit.ts';
import { sendTo } from './kit/shop/start-shop.test-kit.ts';

const CART = { cart: [{ sku: 'mug', quantity: 1 }], user: { id: 'ada', tier: 'free' } };
const QUIET = { LAB_LOG_LEVEL: 'warn', LAB_HOST: '127.0.0.1' };

const programs: LaunchedProgram[] = [];
const urls = new Map<string, string>();

function launch(name: string, file: string, env: Record<string, string>): LaunchedProgram {
  const program = launchProgram({ name, file, env: { ...QUIET, ...env } });
  programs.push(program);
  return program;
}

function urlOf(name: string): string {
  return urls.get(name) ?? assert.fail(`${name} is not up`);
}

describe('the processes of the shop', () => {
  before(async () => {
    const env = await shopEnvironment();
    const launched = SERVICES.map((service) => launch(service, `services/${service}/main.ts`, env));
    for (const program of launched) urls.set(program.name, (await program.ready).url ?? '');
  });
  after(() => Promise.all(programs.map((program) => program.stop())));

  it('sell', async () => {
    const answer = await sendTo(urlOf('gateway'), 'POST /checkout', CART);
    assert.equal(answer.status, 200, answer.text);
    assert.equal((answer.body as Order).lines.length, 1);
  });

  it('are all healthy, and each says what it uses', async () => {
    for (const service of SERVICES) {
      assert.equal((await sendTo(urlOf(service), 'GET /healthz')).status, 200);
      const usage = (await sendTo(urlOf(service), 'GET /_lab/usage')).body as { pid: number };
      assert.equal(usage.pid, programs.find((program) => program.name === service)?.pid);
    }
  });

  it('name the service that is gone', async () => {
    const payments = programs.find((program) => program.name === 'payments') ?? assert.fail();
    assert.equal((await payments.stop()).code, 0);
    const answer = await sendTo(urlOf('gateway'), 'POST /checkout', CART);
    assert.equal(answer.status, 502);
    assert.match(answer.text, /payments cannot be reached/);
  });
});

describe('the two hops of the bench', () => {
  after(() => Promise.all(programs.map((program) => program.stop())));

  it('answer through each other, count their requests, and end cleanly', async () => {
    const back = launch('back', 'services/hop/main.ts', { HOP_ROLE: 'back' });
    const backUrl = (await back.ready).url ?? '';
    const front = launch('front', 'services/hop/main.ts', { HOP_ROLE: 'front', HOP_BACK_URL: backUrl });
    const frontUrl = (await front.ready).url ?? '';
    assert.deepEqual((await sendTo(frontUrl, 'GET /')).body, { hop: 'front', back: { hop: 'back' } });
    for (const url of [frontUrl, backUrl]) {
      assert.equal(((await sendTo(url, 'GET /_lab/usage')).body as { requests: number }).requests, 1);
      assert.equal((await sendTo(url, 'GET /_lab/tracing')).status, 501);
      assert.equal((await sendTo(url, 'GET /_lab/faults')).status, 404);
    }
    assert.equal((await front.stop()).code, 0);
    assert.equal((await back.stop()).code, 0);
  });

  it('refuse a front without a back, with what to give', async () => {
    const front = launch('lonely', 'services/hop/main.ts', { HOP_ROLE: 'front', HOP_BACK_URL: '' });
    const end = await front.exited;
    assert.equal(end.code, 2);
    assert.match(end.lastLines, /the front needs --back-url \(or HOP_BACK_URL\), such as/);
  });
});

describe('a service that is called wrongly', () => {
  it('says which variable is wrong', async () => {
    const end = await launch('bank', 'services/bank/main.ts', { BANK_PORT: 'seven' }).exited;
    assert.equal(end.code, 2);
    assert.match(end.lastLines, /BANK_PORT should be a port from 0 to 65535: was "seven"/);
  });
});
