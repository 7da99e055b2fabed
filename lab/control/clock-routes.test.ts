import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { SERVICES } from '@tracelab/protocol';
import type { ServiceName } from '@tracelab/protocol';
import type { FastifyInstance } from 'fastify';
import { createControl } from './create-control.ts';
import { startFakeService } from './fake-service.test-kit.ts';
import type { FakeService } from './fake-service.test-kit.ts';
import { createPlane } from './plane.ts';
import type { ControlPlane } from './plane.ts';

describe('the clocks of the services', async () => {
  const gateway: FakeService = await startFakeService('gateway');
  after(() => gateway.close());
  const serviceUrls = Object.fromEntries(
    SERVICES.map((service) => [service, service === 'gateway' ? gateway.url : 'http://127.0.0.1:1']),
  ) as Record<ServiceName, string>;
  let reports: string[];
  let plane: ControlPlane;
  let control: FastifyInstance;
  beforeEach(() => {
    reports = [];
    plane = createPlane({
      serviceUrls,
      loadUrl: undefined,
      token: '',
      clock: { nowUnixMs: Date.now, randomSeed: () => 42 },
      report: (text) => reports.push(text),
      supervised: undefined,
    });
    control = createControl(plane, { logLevel: 'silent' });
  });
  afterEach(async () => {
    await control.close();
    gateway.restart();
    gateway.hasTracer = true;
  });

  const call = async (method: 'GET' | 'PUT', payload?: object) => {
    const reply = await control.inject({ method, url: '/_lab/clock', ...(payload && { payload }) });
    return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
  };
  const get = () => call('GET');
  const put = (body: object) => call('PUT', body);

  it('sets the clock of one service wrong, and again after a restart', async () => {
    await plane.refresh();
    const set = await put({ service: 'gateway', offsetMs: -250 });
    assert.deepEqual([set.status, set.body], [200, { service: 'gateway', offsetMs: -250, status: 'applied' }]);
    gateway.restart();
    assert.equal(gateway.clockOffsetMs, 0);
    await plane.refresh();
    assert.equal(gateway.clockOffsetMs, -250);
    const { clocks } = (await get()).body as { clocks: object[] };
    assert.deepEqual(clocks.slice(0, 2), [
      { service: 'gateway', offsetMs: -250, status: 'applied' },
      { service: 'checkout', status: 'away' },
    ]);
    await put({ service: 'gateway', offsetMs: 0 });
    assert.equal(gateway.clockOffsetMs, 0);
  });

  it('sets the clock of a service that is away when it returns', async () => {
    await gateway.goAway();
    const set = await put({ service: 'gateway', offsetMs: 250 });
    assert.deepEqual([set.status, set.body], [202, { service: 'gateway', offsetMs: 250, status: 'away' }]);
    await gateway.comeBack();
    await plane.refresh();
    assert.equal(gateway.clockOffsetMs, 250);
  });

  it('gives up a clock that its service refuses on return, and reports it', async () => {
    await gateway.goAway();
    await put({ service: 'gateway', offsetMs: 250 });
    await gateway.comeBack();
    gateway.refuseWith = { status: 400, body: { error: { code: 'bad_request', message: 'too far' } } };
    await plane.refresh();
    assert.match(reports.at(-1) ?? '', /gateway refuses a clock offset of 250 ms.*too far/);
    assert.deepEqual(plane.wanted.clockOffsetsMs, new Map());
  });

  it('refuses a clock of nobody, of the untraced bank, beyond its bound, and of another tracer', async () => {
    const refusals: readonly [object, RegExp][] = [
      [{ offsetMs: 1 }, /service should be one of gateway, .*: was absent/],
      [{ service: 'bank', offsetMs: 1 }, /was \\"bank\\"/],
      [{ service: 'gateway', offsetMs: 3_600_001 }, /from -3600000 to 3600000: was 3600001/],
      [{ service: 'gateway', offset: 1 }, /has no \\"offset\\"/],
    ];
    for (const [body, message] of refusals) {
      const refused = await put(body);
      assert.equal(refused.status, 400);
      assert.match(JSON.stringify(refused.body), message);
    }
    gateway.hasTracer = false;
    await plane.refresh();
    assert.equal((await put({ service: 'gateway', offsetMs: 1 })).status, 501);
    const { clocks } = (await get()).body as { clocks: object[] };
    assert.deepEqual(clocks[0], { service: 'gateway', status: 'unsupported' });
  });
});
