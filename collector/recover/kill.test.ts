/**
 * Real processes killed with SIGKILL at random moments under load: what was acknowledged is in the store afterwards, each span once, and after
 * every start the ledger balances and has received what was ever acknowledged (what was sent and not answered may be in the log or not).
 * `KILLS=100 node --test collector/recover/kill.test.ts` is the long form (a few minutes). The number of samplers changes from life to life,
 * unless `COLLECTOR_SAMPLERS` sets it.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, projectRoot } from '@tracelab/command';
import { flattenTracesData } from '@tracelab/model';
import { createRandom, decodeTracesData, encodeTracesData, type Ledger } from '@tracelab/protocol';
import { until } from '../../test/until.ts';
import { spanIdFor, traceIdFor, tracesOf, type SpanSketch } from '../fixtures/make-trace.ts';
import { findImbalance } from '../report/ledger.ts';
import { openSqliteStore } from '../store/open-store.ts';

const KILLS = Number(process.env['KILLS'] ?? 3);
const SEED = Number(process.env['SEED'] ?? 1);
const SENDERS = 4;
const LIFE_MS_MAX = 900;
/** Its spans come in three requests, so that a kill falls between them. */
const REQUESTS_PER_TRACE = 3;
const TRACES_PER_REQUEST = 5;

const CONFIG = `
receivers: { otlp: { protocols: { http: } } }
processors: { tail_sampling: { decision_wait: 300ms, policies: [
  { name: errors, type: status_code, status_code: { status_codes: [ERROR] } }] } }
exporters: { tracelab: }
service: { pipelines: { traces: { receivers: [otlp], processors: [tail_sampling], exporters: [tracelab] } } }
`;

const folder = await mkdtemp(join(tmpdir(), 'tracelab-kill-'));
const children = new Set<ChildProcess>();
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Life {
  child: ChildProcess;
  otlpUrl: string;
  queryUrl: string;
}

async function startLife(samplers: number): Promise<Life> {
  const [otlpPort, queryPort, grpcPort, samplingPort] = (await freePorts(4)).map(String);
  const env = {
    COLLECTOR_SAMPLERS: String(samplers),
    ...process.env,
    COLLECTOR_HTTP_PORT: otlpPort,
    COLLECTOR_QUERY_PORT: queryPort,
    COLLECTOR_GRPC_PORT: grpcPort,
    COLLECTOR_SAMPLING_PORT: samplingPort,
  };
  const args = [
    join(projectRoot, 'collector', 'main.ts'),
    '--config',
    join(folder, 'collector.yaml'),
    '--data',
    folder,
  ];
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  children.add(child);
  const life = { child, otlpUrl: `http://127.0.0.1:${otlpPort}`, queryUrl: `http://127.0.0.1:${queryPort}` };
  await until('the collector to listen', async () => {
    assert.equal(child.exitCode, null, 'the collector ended by itself');
    return (await fetch(`${life.queryUrl}/healthz`).catch(() => undefined))?.ok;
  });
  await until('its receiver to listen', async () => (await send(life, new Uint8Array())) || undefined);
  return life;
}

/** Whether it was acknowledged. */
async function send({ otlpUrl }: Life, body: Uint8Array): Promise<boolean> {
  const request = { method: 'POST', body: Buffer.from(body), headers: { 'content-type': 'application/x-protobuf' } };
  const response = await fetch(`${otlpUrl}/v1/traces`, request).catch(() => undefined);
  return response?.status === 200;
}

async function ledgerOf({ queryUrl }: Life): Promise<Ledger> {
  return (await (await fetch(`${queryUrl}/api/lab/ledger`)).json()) as Ledger;
}

/** Every trace has an error in each of its requests, so that a part of it is kept as well; every tenth has none and is sampled out. */
function requestFor(first: number, part: number): { body: Uint8Array; kept: string[] } {
  const sketches = Array.from({ length: TRACES_PER_REQUEST }, (_, index): SpanSketch => {
    const trace = first + index;
    return { traceId: traceIdFor(trace), spanId: spanIdFor(part), isError: trace % 10 !== 0 };
  });
  const kept = sketches.filter(({ isError }) => isError === true).map(({ traceId, spanId }) => `${traceId} ${spanId}`);
  return { body: encodeTracesData(tracesOf(sketches)), kept };
}

describe('a collector that is killed', () => {
  it(`loses nothing that it acknowledged (${KILLS} times)`, { timeout: 60_000 + KILLS * 10_000 }, async () => {
    await writeFile(join(folder, 'collector.yaml'), CONFIG);
    const random = createRandom(SEED);
    const acknowledged = new Set<string>();
    const spans: SpanCounts = { acknowledged: 0, unanswered: 0 };
    let next = 0;
    const sendTraces = async (life: Life): Promise<void> => {
      for (;;) {
        const first = next;
        next += TRACES_PER_REQUEST;
        for (let part = 0; part < REQUESTS_PER_TRACE; part++) {
          const { body, kept } = requestFor(first, part);
          if (!(await send(life, body))) {
            spans.unanswered += TRACES_PER_REQUEST;
            return;
          }
          spans.acknowledged += TRACES_PER_REQUEST;
          for (const span of kept) acknowledged.add(span);
        }
      }
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const life = await startLife(1 + (kill % 2));
      assertCounted(await ledgerOf(life), spans);
      const sending = Array.from({ length: SENDERS }, () => sendTraces(life));
      await sleep(random.next() * LIFE_MS_MAX);
      life.child.kill('SIGKILL');
      await Promise.all([once(life.child, 'exit'), ...sending]);
    }
    const last = await startLife(1);
    const ledger = await until('all to be decided and stored', async () => {
      const now = await ledgerOf(last);
      return now.pending === 0 && now.storeQueued === 0 ? now : undefined;
    });
    assertCounted(ledger, spans);
    const metrics = await (await fetch(`${last.queryUrl}/metrics`)).text();
    assert.match(metrics, /^collector_ledger_imbalances_total 0$/m);
    last.child.kill('SIGTERM');
    await once(last.child, 'exit');
    await assertStored(acknowledged);
    assert.deepEqual(await storedSpanCount(next), ledger.stored);
    const afterStop = await startLife(2);
    assert.deepEqual(await ledgerOf(afterStop), ledger);
    afterStop.child.kill('SIGKILL');
    await once(afterStop.child, 'exit');
  });
});

interface SpanCounts {
  acknowledged: number;
  /** Of requests that were refused or cut off: all of one is in the log, or nothing. */
  unanswered: number;
}

/** No span is sent twice: none may be a duplicate. */
function assertCounted(ledger: Ledger, { acknowledged, unanswered }: SpanCounts): void {
  const text = JSON.stringify(ledger);
  assert.equal(findImbalance(ledger), undefined, text);
  const { received, rejected, droppedDuplicate, droppedLost, storeDropped, storeLost } = ledger;
  assert.ok(received >= acknowledged, `${acknowledged} were acknowledged: ${text}`);
  assert.ok(received <= acknowledged + unanswered, `${acknowledged} acknowledged, ${unanswered} unanswered: ${text}`);
  assert.deepEqual([rejected, droppedDuplicate, droppedLost, storeDropped, storeLost], [0, 0, 0, 0, 0], text);
}

/** Of all traces below that number. */
async function storedSpanCount(traceCount: number): Promise<number> {
  const store = await openSqliteStore(join(folder, 'traces.sqlite'), { report: () => {} });
  const { traces } = await store.search({ limit: traceCount + 1 });
  await store.close(1000);
  return traces.reduce((total, { spanCount }) => total + spanCount, 0);
}

async function assertStored(acknowledged: ReadonlySet<string>): Promise<void> {
  const store = await openSqliteStore(join(folder, 'traces.sqlite'), { report: () => {} });
  const stored: string[] = [];
  for (const traceId of new Set([...acknowledged].map((span) => span.slice(0, 32)))) {
    for (const part of await store.readParts(traceId)) {
      const data = decodeTracesData(part);
      assert.ok(data.ok);
      stored.push(...flattenTracesData(data.value).map(({ spanId }) => `${traceId} ${spanId}`));
    }
  }
  await store.close(1000);
  const distinct = new Set(stored);
  const lost = [...acknowledged].filter((span) => !distinct.has(span));
  assert.deepEqual(lost, []);
  assert.equal(stored.length, distinct.size, 'a span is stored twice');
  assert.ok(acknowledged.size > 0);
}
