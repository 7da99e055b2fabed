import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
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

/** Sends raw bytes and gives what came until the other side ended the connection. */
async function sayTo(address: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname, () => socket.write(bytes));
  let answer = '';
  for await (const chunk of socket as AsyncIterable<Buffer>) answer += chunk.toString();
  return answer;
}

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
    assert.deepEqual(
      answers.map((answer) => answer.message),
      [
        'the body should have at most 1000 bytes: send less at a time',
        'the body should be JSON, without the keys "__proto__" and "constructor.prototype": could not be read',
        'the content type should be application/json: was "text/csv"',
      ],
    );
  });

  it('takes no text for JSON, and no compressed body', async () => {
    const text = await ask('/things', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' });
    assert.equal(text.code, 'unsupported_media_type');
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const zipped = await ask('/things', { method: 'POST', headers, body: gzipSync('{}') });
    assert.deepEqual(
      [zipped.status, zipped.message],
      [415, 'the body should not be compressed: its encoding was "gzip"'],
    );
  });

  it('answers a path that cannot be decoded, or is too long, with our error body', async () => {
    const malformed = await ask('/things/%zz');
    assert.deepEqual([malformed.status, malformed.code], [400, 'bad_request']);
    assert.match(malformed.message, /percent-encoded UTF-8: was "\/things\/%zz"/);
    const long = await ask(`/things/${'x'.repeat(101)}`);
    assert.deepEqual([long.status, long.code], [400, 'bad_request']);
    assert.match(long.message, /at most 100 characters: was "/);
  });

  it('answers what is not HTTP with our error body, and ends that connection', async () => {
    for (const [bytes, status, message] of [
      ['nonsense\r\n\r\n', 400, /the request should be HTTP\/1\.1: Parse Error/],
      [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431, /at most 16384 bytes/],
    ] as const) {
      const answer = await sayTo(url, bytes);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(answer, message);
    }
  });

  it('answers 408 to a body that does not arrive in time, and ends that connection', async () => {
    const impatient = createHttpServer({ name: 'test', logLevel: 'silent', arrivalMsMax: 50 });
    impatient.post('/things', () => ({ ok: true }));
    const at = await listen(impatient, { host: '127.0.0.1', port: 0, variable: 'X_PORT', what: 'test' });
    const json = 'host: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{';
    const answer = await sayTo(at.url, `POST /things HTTP/1.1\r\n${json}`);
    assert.match(answer, /^HTTP\/1.1 408 .*a request should arrive within 50 ms/s);
    await impatient.close();
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
