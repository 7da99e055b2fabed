import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { SamplerSetting, SpanCounts, TracerSwitch } from '@tracelab/protocol';
import { TRACER_SWITCH } from '@tracelab/protocol';
import type { FastifyInstance } from 'fastify';
import { createService } from '../service.ts';

const DROPPED: SpanCounts['spansDropped'] = {
  queue_full: 1,
  rejected: 0,
  refused: 2,
  timeout: 0,
  closed: 0,
  not_encodable: 0,
  no_exporter: 0,
};
const SLOW = { service: 'bank', delay: { kind: 'fixed', ms: 5 } };
const holder = globalThis as { [TRACER_SWITCH]?: TracerSwitch };
const options = { urlOf: () => '', logLevel: 'silent', nowUnixMs: () => 0, random: () => 0.5 };

function createBank(controlToken = ''): FastifyInstance {
  return createService({ name: 'bank', summary: '', routes: () => [] }, { ...options, controlToken });
}

describe('the control of a service', () => {
  let server: FastifyInstance;
  before(() => {
    server = createBank();
  });
  after(() => server.close());

  it('holds faults: put, read one and all, delete one and all', async () => {
    const put = await server.inject({ method: 'PUT', url: '/_lab/faults/slow', payload: SLOW });
    assert.equal(put.statusCode, 200);
    const fault = put.json<{ id: string; probability: number }>();
    assert.deepEqual([fault.id, fault.probability], ['slow', 1]);
    assert.deepEqual((await server.inject('/_lab/faults/slow')).json(), fault);
    assert.deepEqual((await server.inject('/_lab/faults')).json(), [fault]);
    assert.deepEqual((await server.inject('/_lab/state')).json<{ faults: unknown }>().faults, [fault]);
    assert.equal((await server.inject({ method: 'DELETE', url: '/_lab/faults/slow' })).statusCode, 200);
    const again = await server.inject({ method: 'DELETE', url: '/_lab/faults/slow' });
    assert.equal(again.statusCode, 404);
    assert.match(again.body, /there is no fault \\"slow\\"/);
    assert.deepEqual((await server.inject({ method: 'DELETE', url: '/_lab/faults' })).json(), { deletedCount: 0 });
  });

  it('says of a malformed fault what was got and what is allowed', async () => {
    const payload = { ...SLOW, probability: 2 };
    const refused = await server.inject({ method: 'PUT', url: '/_lab/faults/slow', payload });
    assert.equal(refused.statusCode, 400);
    assert.deepEqual(refused.json(), {
      error: { code: 'bad_request', message: 'probability should be between 0.01 and 1: was 2' },
    });
  });

  it('keeps one instance id while the process lives', async () => {
    const idOf = async (from: FastifyInstance): Promise<string> =>
      (await from.inject('/_lab/state')).json<{ instanceId: string }>().instanceId;
    const other = createBank();
    assert.equal(await idOf(server), await idOf(server));
    assert.notEqual(await idOf(server), await idOf(other));
    await other.close();
  });

  it('refuses an "after" that is no sequence number', async () => {
    for (const after of ['-1', '1.5', 'x', '']) {
      const refused = await server.inject(`/_lab/injections?after=${after}`);
      assert.equal(refused.statusCode, 400, after);
      assert.match(refused.body, /after should be a whole number/);
    }
  });
});

describe('switching the tracer', () => {
  let server: FastifyInstance;
  let held: SamplerSetting;
  before(() => {
    server = createBank();
  });
  after(() => server.close());
  afterEach(() => {
    delete holder[TRACER_SWITCH];
  });

  function installTracer(): void {
    held = { sampler: 'always_on' };
    holder[TRACER_SWITCH] = {
      getSampler: () => held,
      setSampler: (setting) => {
        if (setting.sampler === 'traceidratio' && setting.arg === undefined)
          throw new RangeError('arg should be given');
        held = setting;
      },
      counts: () => ({
        spansCreated: 9,
        spansSampled: 8,
        spansExported: 4,
        spansQueued: 1,
        spansDropped: DROPPED,
        requestsSent: 6,
        requestsRetried: 2,
      }),
    };
  }

  it('answers 501 where there is none, and says what to do', async () => {
    for (const method of ['GET', 'PUT'] as const) {
      const answer = await server.inject({ method, url: '/_lab/tracing', payload: { sampler: 'always_on' } });
      assert.equal(answer.statusCode, 501);
      assert.match(answer.body, /start it with LAB_TRACER=lab/);
    }
    assert.ok(!('tracing' in (await server.inject('/_lab/state')).json<object>()));
  });

  it('sets the sampler and shows it', async () => {
    installTracer();
    const payload = { sampler: 'parentbased_traceidratio', arg: 0.0625 };
    const put = await server.inject({ method: 'PUT', url: '/_lab/tracing', payload });
    assert.deepEqual([put.statusCode, put.json()], [200, payload]);
    assert.deepEqual((await server.inject('/_lab/tracing')).json(), payload);
    assert.deepEqual((await server.inject('/_lab/state')).json<{ tracing: unknown }>().tracing, payload);
  });

  it('shows what became of a sampler that asks a server', async () => {
    installTracer();
    const remote = { answersGood: 3, answersBad: 1, strategyAgeMs: 1500, error: 'the answer was 503' };
    const report = { description: 'JaegerRemoteSampler{…}', remote };
    Object.assign(holder[TRACER_SWITCH] ?? {}, { describeSampler: () => report });
    assert.deepEqual((await server.inject('/_lab/tracing')).json(), { sampler: 'always_on', ...report });
  });

  it('refuses an unknown sampler, a ratio beyond 1, and what the tracer refuses', async () => {
    installTracer();
    const refusals: readonly [object, RegExp][] = [
      [{ sampler: 'sometimes' }, /sampler should be one of always_on, .*: was \\"sometimes\\"/],
      [{ sampler: 'traceidratio', arg: 2 }, /arg should be between 0 and 1: was 2/],
      [{ sampler: 'traceidratio', ratio: 1 }, /a sampler has no \\"ratio\\": allowed are sampler, arg/],
      [{ sampler: 'traceidratio' }, /arg should be given/],
    ];
    for (const [payload, message] of refusals) {
      const refused = await server.inject({ method: 'PUT', url: '/_lab/tracing', payload });
      assert.equal(refused.statusCode, 400);
      assert.match(refused.body, message);
    }
  });

  it('sets the clock of the spans wrong and shows it, where the tracer has such a clock', async () => {
    installTracer();
    const payload = { offsetMs: -250 };
    const missing = await server.inject({ method: 'PUT', url: '/_lab/clock', payload });
    assert.equal(missing.statusCode, 501);
    assert.match(missing.body, /start it with LAB_TRACER=lab/);
    assert.ok(!('clockOffsetMs' in (await server.inject('/_lab/state')).json<object>()));
    let offsetMs = 0;
    const tracer = holder[TRACER_SWITCH];
    assert.ok(tracer);
    holder[TRACER_SWITCH] = {
      ...tracer,
      getClockOffset: () => offsetMs,
      setClockOffset: (given) => (offsetMs = given),
    };
    const put = await server.inject({ method: 'PUT', url: '/_lab/clock', payload });
    assert.deepEqual([put.statusCode, put.json()], [200, payload]);
    assert.deepEqual((await server.inject('/_lab/clock')).json(), payload);
    assert.equal((await server.inject('/_lab/state')).json<{ clockOffsetMs: number }>().clockOffsetMs, -250);
    const refused = await server.inject({ method: 'PUT', url: '/_lab/clock', payload: { offsetMs: 0.5 } });
    assert.equal(refused.statusCode, 400);
    assert.match(refused.body, /offsetMs should be a whole number from -3600000 to 3600000: was 0\.5/);
  });

  it('shows the spans in the usage', async () => {
    installTracer();
    const usage = (await server.inject('/_lab/usage')).json<Record<string, number>>();
    assert.deepEqual(
      [usage['pid'], usage['requests'], usage['spansCreated'], usage['spansSampled'], usage['spansDropped']],
      [process.pid, 0, 9, 8, 3],
    );
    assert.ok((usage['cpuUs'] ?? 0) > 0 && (usage['residentBytes'] ?? 0) > 0);
  });
});

describe('who may use the control', () => {
  const elsewhere = { url: '/_lab/state', remoteAddress: '192.168.1.7' };

  it('without a token: callers on this machine only', async () => {
    const server = createBank();
    assert.equal((await server.inject('/_lab/state')).statusCode, 200);
    const refused = await server.inject(elsewhere);
    assert.equal(refused.statusCode, 403);
    assert.match(refused.body, /set LAB_CONTROL_TOKEN/);
    assert.equal((await server.inject({ ...elsewhere, url: '/healthz' })).statusCode, 200);
    await server.close();
  });

  it('with a token: also those who send it', async () => {
    const server = createBank('s3cret');
    const status = async (authorization: string): Promise<number> =>
      (await server.inject({ ...elsewhere, headers: { authorization } })).statusCode;
    assert.equal(await status('Bearer s3cret'), 200);
    assert.equal(await status('Bearer s3cre'), 401);
    assert.equal((await server.inject(elsewhere)).statusCode, 401);
    assert.equal((await server.inject('/_lab/state')).statusCode, 200);
    await server.close();
  });

  it('counts all of 127/8 and ::1 as this machine, in IPv6 clothes too', async () => {
    const server = createBank();
    const statusFor = async (remoteAddress: string): Promise<number> =>
      (await server.inject({ url: '/_lab/state', remoteAddress })).statusCode;
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      assert.equal(await statusFor(address), 200, address);
    for (const address of ['128.0.0.1', '10.127.0.1', '::ffff:10.0.0.1', '::2'])
      assert.equal(await statusFor(address), 403, address);
    await server.close();
  });

  it('refuses a web page whose own name leads to this machine', async () => {
    const server = createBank();
    const refused = await server.inject({ url: '/_lab/state', headers: { host: 'evil.example:4606' } });
    assert.equal(refused.statusCode, 403);
    await server.close();
  });
});
