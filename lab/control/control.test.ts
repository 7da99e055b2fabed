/**
 * The control against services that are small Fastify servers: what it forwards, what it passes on, and what it sends
 * again when a service was away. Rounds are run by hand (`refresh`), so that nothing waits for a timer.
 */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { LIMITS, SERVICES } from '@tracelab/protocol';
import type { ServiceName } from '@tracelab/protocol';
import type { FastifyInstance } from 'fastify';
import { createControl } from './create-control.ts';
import { startFakeService } from './fake-service.test-kit.ts';
import type { FakeService } from './fake-service.test-kit.ts';
import { createPlane } from './plane.ts';
import type { ControlPlane } from './plane.ts';

const SLOW = { service: 'bank', route: '/charge', delay: { kind: 'fixed', ms: 870 } };
const NOWHERE = 'http://127.0.0.1:1';

describe('the control', () => {
  const open: { close: () => Promise<unknown> }[] = [];
  const reports: string[] = [];
  let bank: FakeService;
  let gateway: FakeService;
  let plane: ControlPlane;
  let control: FastifyInstance;
  let time: number;

  after(() => Promise.all(open.map((each) => each.close())));

  beforeEach(async () => {
    bank = await startFakeService('bank');
    gateway = await startFakeService('gateway');
    time = Date.now();
    ({ plane, control } = controlOver({ bank: bank.url, gateway: gateway.url }));
    open.push(bank, gateway, control);
  });

  function controlOver(
    urls: Partial<Record<ServiceName, string>>,
    token = '',
  ): { plane: ControlPlane; control: FastifyInstance } {
    const serviceUrls = Object.fromEntries(SERVICES.map((service) => [service, urls[service] ?? NOWHERE])) as Record<
      ServiceName,
      string
    >;
    const clock = { nowUnixMs: () => time, randomSeed: () => 42 };
    const plane = createPlane({
      serviceUrls,
      loadUrl: gateway.url,
      token,
      clock,
      report: (text) => reports.push(text),
      supervised: undefined,
    });
    return { plane, control: createControl(plane, { logLevel: 'silent' }) };
  }

  const idsOf = ({ faults }: FakeService): string[] => faults.map((fault) => fault.id);

  async function call(
    method: 'GET' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const reply = await control.inject({ method, url, ...(body === undefined ? {} : { payload: body }) });
    return { status: reply.statusCode, body: reply.json() as Record<string, unknown> };
  }

  it('puts a fault on its service and lists it as applied', async () => {
    await plane.refresh();
    const put = await call('PUT', '/_lab/faults/slow', SLOW);
    assert.deepEqual([put.status, put.body['applied'], put.body['seed']], [200, true, 7]);
    assert.deepEqual(idsOf(bank), ['slow']);
    const list = await call('GET', '/_lab/faults');
    assert.deepEqual(
      (list.body['faults'] as { id: string; applied: boolean }[]).map(({ id, applied }) => [id, applied]),
      [['slow', true]],
    );
    assert.equal((await call('GET', '/_lab/faults/slow')).body['route'], '/charge');
  });

  it('knows that a service has a fault, or a sampler, before it first looked at the service', async () => {
    await call('PUT', '/_lab/faults/slow', SLOW);
    assert.equal((await call('GET', '/_lab/faults/slow')).body['applied'], true);
    const { services } = (await call('PUT', '/_lab/tracing', { sampler: 'always_on' })).body as { services: object[] };
    assert.deepEqual(services[0], { service: 'gateway', status: 'applied' });
  });

  it('passes on what the service refuses, and does not want it', async () => {
    bank.refuseWith = {
      status: 400,
      body: { error: { code: 'bad_request', message: 'delay.ms should be between 0 and 60000' } },
    };
    const put = await call('PUT', '/_lab/faults/slow', SLOW);
    assert.deepEqual([put.status, put.body], [400, bank.refuseWith.body]);
    assert.deepEqual((await call('GET', '/_lab/faults')).body, { faults: [] });
  });

  it('refuses a service that does not exist, a malformed id and an unknown fault, and says what there is', async () => {
    const unknown = await call('PUT', '/_lab/faults/slow', { ...SLOW, service: 'shop' });
    assert.equal(unknown.status, 400);
    assert.match(JSON.stringify(unknown.body), /one of gateway, .*bank/);
    assert.equal((await call('PUT', '/_lab/faults/a%20b', SLOW)).status, 400);
    const missing = await call('GET', '/_lab/faults/nothing');
    assert.equal(missing.status, 404);
    assert.match(JSON.stringify(missing.body), /there is none at all/);
  });

  it('accepts a fault for a service that is away and sends it when the service answers', async () => {
    await bank.goAway();
    const put = await call('PUT', '/_lab/faults/slow', SLOW);
    assert.deepEqual([put.status, put.body['applied'], put.body['seed']], [202, false, 42]);
    await bank.comeBack();
    await plane.refresh();
    assert.deepEqual(
      bank.faults.map(({ id, seed }) => [id, seed]),
      [['slow', 42]],
    );
    assert.equal((await call('GET', '/_lab/faults/slow')).body['applied'], true);
  });

  it('gives up a fault that its service refuses on return, and reports it', async () => {
    await bank.goAway();
    await call('PUT', '/_lab/faults/slow', SLOW);
    await bank.comeBack();
    bank.refuseWith = { status: 400, body: { error: { code: 'bad_request', message: 'too slow' } } };
    await plane.refresh();
    assert.deepEqual((await call('GET', '/_lab/faults')).body, { faults: [] });
    assert.match(reports.at(-1) ?? '', /bank refuses the fault slow.*too slow/);
  });

  it('sends faults again, with seed and end, when a service restarted', async () => {
    await call('PUT', '/_lab/faults/slow', { ...SLOW, durationMs: 60_000 });
    await plane.refresh();
    const before = bank.faults[0];
    bank.restart();
    assert.deepEqual(bank.faults, []);
    await plane.nudge('bank');
    assert.deepEqual(bank.faults, [before]);
  });

  it('sends nothing again where nothing changed', async () => {
    await call('PUT', '/_lab/faults/slow', SLOW);
    await plane.refresh();
    const count = bank.putCount;
    await plane.refresh();
    assert.equal(bank.putCount, count);
  });

  it('does not send a fault again that has ended', async () => {
    await call('PUT', '/_lab/faults/slow', { ...SLOW, durationMs: 60_000 });
    time += 120_000;
    bank.restart();
    await plane.refresh();
    assert.deepEqual(bank.faults, []);
    assert.deepEqual((await call('GET', '/_lab/faults')).body, { faults: [] });
  });

  it('moves a fault that is put on another service', async () => {
    await plane.refresh();
    await call('PUT', '/_lab/faults/slow', SLOW);
    await call('PUT', '/_lab/faults/slow', { ...SLOW, service: 'gateway' });
    assert.deepEqual([bank.faults.length, gateway.faults.length], [0, 1]);
  });

  it('clears one fault, or all', async () => {
    await call('PUT', '/_lab/faults/a', SLOW);
    await call('PUT', '/_lab/faults/b', SLOW);
    await call('PUT', '/_lab/faults/c', { ...SLOW, service: 'gateway' });
    assert.deepEqual((await call('DELETE', '/_lab/faults/a')).body, { cleared: ['a'], away: [] });
    assert.deepEqual(idsOf(bank), ['b']);
    assert.deepEqual((await call('DELETE', '/_lab/faults')).body, { cleared: ['b', 'c'], away: [] });
    assert.deepEqual([bank.faults, gateway.faults], [[], []]);
  });

  it('clears a fault of a service that was away when it comes back with it', async () => {
    await call('PUT', '/_lab/faults/slow', SLOW);
    await plane.refresh();
    await bank.goAway();
    assert.deepEqual((await call('DELETE', '/_lab/faults')).body, { cleared: ['slow'], away: ['bank'] });
    await bank.comeBack();
    await plane.refresh();
    assert.deepEqual(bank.faults, []);
  });

  it('finds the faults of the services again after it was itself restarted', async () => {
    await call('PUT', '/_lab/faults/slow', SLOW);
    ({ plane, control } = controlOver({ bank: bank.url }));
    open.push(control);
    await plane.refresh();
    assert.equal((await call('GET', '/_lab/faults/slow')).body['applied'], true);
  });

  it('never loses a fault that is put while a comparison is under way', async () => {
    await plane.refresh();
    await Promise.all([plane.refresh(), call('PUT', '/_lab/faults/slow', SLOW), plane.refresh()]);
    assert.deepEqual(idsOf(bank), ['slow']);
  });

  it('sets the sampler of the traced services, not of the bank, and again after a restart', async () => {
    await plane.refresh();
    const setting = { sampler: 'parentbased_traceidratio', arg: 0.0625 };
    const put = await call('PUT', '/_lab/tracing', setting);
    assert.equal(put.status, 200);
    const services = put.body['services'] as { service: string; status: string }[];
    assert.deepEqual(services.slice(0, 2), [
      { service: 'gateway', status: 'applied' },
      { service: 'checkout', status: 'away' },
    ]);
    assert.ok(services.every(({ service }) => service !== 'bank'));
    assert.deepEqual([gateway.tracing, bank.tracing], [setting, undefined]);
    gateway.restart();
    await plane.refresh();
    assert.deepEqual(gateway.tracing, setting);
  });

  it('says which sampler the services were started with while nobody asked for another', async () => {
    assert.equal((await call('GET', '/_lab/tracing')).status, 503);
    await plane.refresh();
    assert.equal((await call('GET', '/_lab/tracing')).body['sampler'], 'parentbased_always_on');
  });

  it('passes on why a sampler is refused', async () => {
    gateway.refuseWith = {
      status: 400,
      body: { error: { code: 'bad_request', message: 'the SDK has no such sampler' } },
    };
    const put = await call('PUT', '/_lab/tracing', { sampler: 'traceidratio', arg: 0.7 });
    assert.deepEqual([put.status, put.body], [400, gateway.refuseWith.body]);
    assert.equal(plane.wanted.tracing, undefined);
    assert.equal((await call('PUT', '/_lab/tracing', { sampler: 'probability', arg: 7 })).status, 400);
  });

  it('says that there is nothing to switch where the services run without a tracer', async () => {
    gateway.hasTracer = false;
    await plane.refresh();
    assert.equal((await call('GET', '/_lab/tracing')).status, 501);
    assert.equal((await call('PUT', '/_lab/tracing', { sampler: 'always_on' })).status, 501);
  });

  it('forwards the rate of the shoppers, and again after they restarted', async () => {
    assert.deepEqual(await call('PUT', '/_lab/load', { requestsPerSecond: 3 }), {
      status: 200,
      body: { requestsPerSecond: 3, applied: true },
    });
    gateway.restart();
    await plane.nudge('load');
    assert.deepEqual((await call('GET', '/_lab/load')).body, { requestsPerSecond: 3, applied: true });
  });

  it('passes on why a rate is refused, and keeps the one before', async () => {
    await call('PUT', '/_lab/load', { requestsPerSecond: 3 });
    gateway.refuseWith = { status: 400, body: { error: { code: 'bad_request', message: 'at most 200' } } };
    assert.deepEqual(await call('PUT', '/_lab/load', { requestsPerSecond: 900 }), {
      status: 400,
      body: gateway.refuseWith.body,
    });
    assert.deepEqual(plane.wanted.load, { requestsPerSecond: 3 });
    assert.equal((await call('PUT', '/_lab/load', { requestsPerSecond: -1 })).status, 400);
  });

  it('keeps to the bound on faults also where many are put at once', async () => {
    const puts = Array.from({ length: LIMITS.faultsMax + 20 }, (_, index) =>
      call('PUT', `/_lab/faults/f${index}`, index % 2 === 0 ? SLOW : { ...SLOW, service: 'gateway' }),
    );
    const refused = (await Promise.all(puts)).filter(({ status }) => status === 503);
    assert.equal(refused.length, 20);
    assert.match(JSON.stringify(refused[0]?.body), /100 faults are in force, more may not be/);
  });

  it('collects the injections of all services once each, across a restart', async () => {
    await plane.refresh();
    bank.inject('slow');
    gateway.inject('error');
    const first = (await call('GET', '/_lab/injections')).body as {
      injections: { faultId: string }[];
      lastSequence: number;
    };
    assert.deepEqual(first.injections.map((each) => each.faultId).sort(), ['error', 'slow']);
    bank.restart();
    bank.inject('slow again');
    const second = (await call('GET', `/_lab/injections?after=${first.lastSequence}`)).body as typeof first;
    assert.deepEqual(
      second.injections.map((each) => each.faultId),
      ['slow again'],
    );
    assert.equal((await call('GET', '/_lab/injections?after=-1')).status, 400);
  });

  it('reports processes, with the usage that the services tell', async () => {
    await plane.refresh();
    const { processes } = (await call('GET', '/_lab/processes')).body as { processes: Record<string, unknown>[] };
    const row = (name: string): Record<string, unknown> | undefined =>
      processes.find((process) => process['name'] === name);
    assert.deepEqual([row('bank')?.['status'], row('bank')?.['requests']], ['ready', 5]);
    assert.deepEqual(
      [row('bank')?.['spansCreated'], row('bank')?.['spansExported'], row('bank')?.['spansDropped']],
      [7, 4, 1],
    );
    assert.equal(row('checkout')?.['status'], 'unreachable');
    assert.equal(row('lab')?.['pid'], process.pid);
  });

  describe('access', () => {
    it('is for this machine where there is no token', async () => {
      const from = (remoteAddress: string, host: string) =>
        control.inject({ url: '/_lab/faults', remoteAddress, headers: { host } });
      assert.equal((await from('127.0.0.1', '127.0.0.1:4690')).statusCode, 200);
      assert.equal((await from('::ffff:127.0.0.1', 'localhost:4690')).statusCode, 200);
      assert.equal((await from('::1', '[::1]:4690')).statusCode, 200);
      assert.equal((await from('192.168.1.7', '127.0.0.1')).statusCode, 403);
      assert.equal((await from('127.0.0.1', 'evil.example')).statusCode, 403);
      assert.equal((await control.inject({ url: '/healthz', remoteAddress: '192.168.1.7' })).statusCode, 200);
    });

    it('is for whoever has the token where there is one, and the services are shown it', async () => {
      ({ plane, control } = controlOver({ bank: bank.url }, 'secret'));
      open.push(control);
      const withToken = (authorization: string) =>
        control.inject({ url: '/_lab/faults', remoteAddress: '192.168.1.7', headers: { authorization } });
      assert.equal((await withToken('Bearer secret')).statusCode, 200);
      assert.equal((await withToken('Bearer wrong')).statusCode, 401);
      assert.equal((await call('GET', '/_lab/faults')).status, 200, 'this machine needs none');
      await plane.refresh();
      assert.equal(bank.lastAuthorization, 'Bearer secret');
    });
  });
});
