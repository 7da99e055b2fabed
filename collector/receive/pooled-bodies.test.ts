/**
 * Requests of every kind over real connections, into memory that is overwritten as soon as nobody holds it: what was acknowledged is stored as it
 * was sent, and all memory comes back, that of requests which broke off too.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createRandom, decodeTracesData, encodeTracesData, tracesDataToJson } from '@tracelab/protocol';
import { flattenTracesData } from '@tracelab/model';
import { until } from '../../test/until.ts';
import { spanIdFor, traceIdFor, tracesOf, type SpanSketch } from '../fixtures/make-trace.ts';
import { postTraces, startTestCollector, type TestCollector } from '../fixtures/start-test-collector.ts';
import { CheckedPool } from './checked-pool.test-kit.ts';

/** What the last ones bring is undecided at the end. */
const ROUNDS = 14;
const REQUESTS_PER_ROUND = 6;
const ROUNDS_UNDECIDED = 3;
const REQUESTS_UNDECIDED = ROUNDS_UNDECIDED * REQUESTS_PER_ROUND;
const TRACES = 40;
const KINDS = ['plain', 'gzip', 'json', 'malformed', 'cut'] as const;

/** Of each trace the name of every span by its id. */
type Sent = Map<string, Map<string, string>>;

const random = createRandom(15);
const below = (count: number): number => Math.floor(random.next() * count);

/** Of traces that are undecided, and of some that were decided before. */
function createSketches(request: number): SpanSketch[] {
  const firstTrace = Math.floor(request / REQUESTS_UNDECIDED) * (TRACES / 2);
  return Array.from({ length: 1 + below(60) }, (_, index) => ({
    traceId: traceIdFor(firstTrace + below(TRACES)),
    spanId: spanIdFor(request * 1000 + index),
    name: `span ${request}.${index} ${'x'.repeat(below(200))}`,
  }));
}

function noteSent(sent: Sent, sketches: readonly SpanSketch[]): void {
  for (const { traceId = '', spanId, name = '' } of sketches) {
    const names = sent.get(traceId) ?? new Map<string, string>();
    sent.set(traceId, names.set(spanId, name));
  }
}

/** Only half of what it announces comes, then the connection ends. */
async function breakOff(url: string, body: Uint8Array): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${body.length}\r\n\r\n`;
  socket.end(Buffer.concat([Buffer.from(head), body.subarray(0, body.length / 2)]));
  socket.resume();
  await once(socket, 'close');
}

async function send(collector: TestCollector, sketches: readonly SpanSketch[], sent: Sent): Promise<void> {
  const kind = KINDS[below(KINDS.length)];
  const data = tracesOf(sketches);
  const body = encodeTracesData(data);
  if (kind === 'cut') return breakOff(collector.otlpUrl, body);
  if (kind === 'malformed') {
    assert.equal((await postTraces(collector, body.subarray(0, body.length - 1))).status, 400);
    return;
  }
  noteSent(sent, sketches);
  const json = { 'content-type': 'application/json' };
  const answer =
    kind === 'json'
      ? await postTraces(collector, JSON.stringify(tracesDataToJson(data)), json)
      : kind === 'gzip'
        ? await postTraces(collector, gzipSync(body), { 'content-encoding': 'gzip' })
        : await postTraces(collector, body);
  assert.equal(answer.status, 200);
}

async function assertStored({ store }: TestCollector, sent: Sent): Promise<void> {
  for (const [traceId, names] of sent) {
    const stored = new Map<string, string>();
    for (const part of await store.readParts(traceId)) {
      const decoded = decodeTracesData(part);
      assert.ok(decoded.ok);
      for (const { spanId, name } of flattenTracesData(decoded.value)) stored.set(spanId, name);
    }
    assert.deepEqual(stored, names);
  }
}

describe('bodies in memory that is used again', () => {
  for (const samplerCount of [1, 2]) {
    it(`are stored as they were sent, with ${samplerCount} sampler(s), and all memory comes back`, async () => {
      const arrays = new CheckedPool(1e6);
      const collector = await startTestCollector({ arrays, samplerCount });
      const sent: Sent = new Map();
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const requests = Array.from({ length: REQUESTS_PER_ROUND }, (_, index) =>
            createSketches(round * REQUESTS_PER_ROUND + index),
          );
          await Promise.all(requests.map((sketches) => send(collector, sketches, sent)));
          if (round % ROUNDS_UNDECIDED === 2) await collector.pass(20_000);
        }
        // A worker has a copy, a sampler in this thread holds what is undecided.
        assert.equal(arrays.lentCount > 0, samplerCount === 1);
      } finally {
        await collector.close();
      }
      await until('all memory is given back', () => arrays.lentCount === 0);
      await assertStored(collector, sent);
    });
  }
});
