import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createHttpServer, defineMetrics, freePorts, listen, matchesRoute } from '../index.ts';
import { runFixture } from '../fixtures/run.ts';

const server = createHttpServer({ name: 'test', logLevel: 'silent', bodyBytesMax: 1000 });
let url = '';

before(async () => {
  server.get('/things/:id', () => ({ ok: true }));
  server.post('/things', () => ({ ok: true }));
  server.get('/broken', () => {
    throw new Error('secret detail');
  });
  ({ url } = await listen(server, { host: '127.0.0.1', port: 0, variable: 'X_PORT', what: 'test' }));
});
after(() => server.close());

const ask = async (
  path: string,
  init?: RequestInit,
): Promise<{ status: number; code: string; message: string; allow: string | null }> => {
  const reply = await fetch(url + path, init);
  const { error } = (await reply.json()) as { error: { code: string; message: string } };
  return { status: reply.status, code: error.code, message: error.message, allow: reply.headers.get('allow') };
};

describe('createHttpServer', () => {
  it('answers an unknown route with 404 and the paths that exist', async () => {
    const answer = await ask('/nothing');
    assert.equal(answer.status, 404);
    assert.match(answer.message, /there is no \/nothing here: the paths are \/things\/:id, \/things, \/broken/);
  });

  it('answers a wrong method with 405 and Allow', async () => {
    const answer = await ask('/things/7', { method: 'DELETE' });
    assert.deepEqual([answer.status, answer.code, answer.allow], [405, 'method_not_allowed', 'GET, HEAD']);
  });

  it('answers a body over the limit with 413, malformed JSON with 400, a foreign type with 415', async () => {
    const json = { 'content-type': 'application/json' };
    const answers = await Promise.all([
      ask('/things', { method: 'POST', headers: json, body: JSON.stringify('x'.repeat(2000)) }),
      ask('/things', { method: 'POST', headers: json, body: '{"a":' }),
      ask('/things', { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' }),
    ]);
    assert.deepEqual(
      answers.map((answer) => [answer.status, answer.code]),
      [
        [413, 'too_large'],
        [400, 'bad_request'],
        [415, 'unsupported_media_type'],
      ],
    );
  });

  it('hides the detail of a defect from the caller', async () => {
    const answer = await ask('/broken');
    assert.equal(answer.status, 500);
    assert.ok(!answer.message.includes('secret'));
  });
});

describe('listen', () => {
  it('names the busy port, its holder and a command that works, and ends with 1', async () => {
    const port = new URL(url).port;
    const ended = await runFixture('server.ts', ['--port', port]);
    assert.equal(ended.code, 1);
    assert.match(
      ended.stderr,
      new RegExp(
        `error: port ${port} \\(fixture\\) is held by .*move this port with FIXTURE_PORT, or move all of them: LAB_PORT_BASE=5600 npm start`,
      ),
    );
    if (process.platform === 'linux') assert.match(ended.stderr, new RegExp(`\\(pid ${process.pid}\\)`));
  });
});

describe('matchesRoute', () => {
  it('knows parameters and the rest', () => {
    const fits = (pattern: string, path: string): boolean => matchesRoute(pattern, path);
    assert.deepEqual(
      [fits('/a/:b', '/a/1'), fits('/a/:b', '/a/'), fits('/a/:b', '/a/1/2'), fits('/a/*', '/a/1/2'), fits('/a', '/b')],
      [true, false, false, true, false],
    );
  });
});

describe('defineMetrics', () => {
  it('writes OpenMetrics text of what was declared', async () => {
    const metrics = defineMetrics({
      requests: { type: 'counter', name: 'requests', help: 'Requests.', labels: ['route'] },
      queued: { type: 'gauge', name: 'queue_spans', help: 'Queued.' },
      seconds: { type: 'histogram', name: 'duration_seconds', help: 'Time.', buckets: [0.1, 1] },
    });
    metrics.requests.add(2, { route: '/a' });
    metrics.queued.set(5);
    metrics.seconds.observe(0.5);
    const { contentType, body } = await metrics.text();
    assert.match(contentType, /^application\/openmetrics-text/);
    for (const line of [
      'requests_total{route="/a"} 2',
      'queue_spans 5',
      'duration_seconds_bucket{le="0.1"} 0',
      'duration_seconds_bucket{le="1"} 1',
      '# EOF',
    ]) {
      assert.ok(body.includes(line), `lacks ${line}:\n${body}`);
    }
  });
});

describe('freePorts', () => {
  it('gives different ports', async () => {
    assert.equal(new Set(await freePorts(5)).size, 5);
  });
});
