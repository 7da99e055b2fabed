/** The program as a process: how it starts, ends, and refuses. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePorts, projectRoot } from '@tracelab/command';
import { encodeTracesData, type ExplainReply, type Ledger } from '@tracelab/protocol';
import { spanIdFor, TRACE_ID, traceIdFor, tracesOf } from './fixtures/make-trace.ts';
import { postTraces } from './fixtures/start-test-collector.ts';
import { findImbalance } from './report/ledger.ts';
import { openSqliteStore } from './store/open-store.ts';
import { until } from '../test/until.ts';

let folder = '';
const children = new Set<ChildProcess>();
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracelab-collector-'));
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Running {
  child: ChildProcess;
  otlpUrl: string;
  queryUrl: string;
  ended: Promise<{ code: number | null; text: string }>;
}

async function start(args: string[], environment: Record<string, string> = {}): Promise<Running> {
  const [otlpPort, queryPort] = (await freePorts(2)).map(String);
  const free = { COLLECTOR_GRPC_PORT: '0', COLLECTOR_SAMPLING_PORT: '0' };
  const ports = { ...free, COLLECTOR_HTTP_PORT: otlpPort, COLLECTOR_QUERY_PORT: queryPort };
  const env = { ...process.env, ...ports, ...environment };
  const child = spawn(process.execPath, [join(projectRoot, 'collector', 'main.ts'), ...args], { env });
  children.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, text }));
  return { child, otlpUrl: `http://127.0.0.1:${otlpPort}`, queryUrl: `http://127.0.0.1:${queryPort}`, ended };
}

async function untilReady(running: Running): Promise<void> {
  await until('the collector to listen', async () => {
    const response = await fetch(`${running.otlpUrl}/ready`).catch(() => undefined);
    return response?.status === 404 ? true : undefined;
  });
}

describe('npm run collector', () => {
  it('keeps what is pending when it is asked to end, and reads it after a restart', async () => {
    const data = join(folder, 'restart');
    const first = await start(['--data', data]);
    await untilReady(first);
    assert.equal((await postTraces(first, encodeTracesData(tracesOf([{ spanId: spanIdFor(0) }])))).status, 200);
    first.child.kill('SIGTERM');
    assert.equal((await first.ended).code, 0);

    const second = await start(['--data', data]);
    await untilReady(second);
    const response = await fetch(`${second.queryUrl}/api/lab/traces/${TRACE_ID}`);
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { pending: boolean }).pending, false);
    const ledger = (await (await fetch(`${second.queryUrl}/api/lab/ledger`)).json()) as Ledger;
    assert.deepEqual([ledger.received, ledger.kept, ledger.stored, findImbalance(ledger)], [1, 1, 1, undefined]);
    second.child.kill('SIGTERM');
    assert.equal((await second.ended).code, 0);
  });

  it('counts over its lives: what was lost without a log, and anew where its file is damaged', async () => {
    const data = join(folder, 'lives');
    const file = join(data, 'ledger.json');
    const ledgerOf = async ({ queryUrl }: Running): Promise<Ledger> =>
      (await (await fetch(`${queryUrl}/api/lab/ledger`)).json()) as Ledger;
    const request = encodeTracesData(
      tracesOf([
        { spanId: spanIdFor(0), parentSpanId: spanIdFor(1) },
        { spanId: spanIdFor(2), endMs: -1 },
      ]),
    );
    const savedHas = async (text: string): Promise<boolean> =>
      (await readFile(file, 'utf8').catch(() => '')).includes(text);
    const unlogged = await start(['--data', data, '--no-wal']);
    await untilReady(unlogged);
    assert.equal((await postTraces(unlogged, request)).status, 200);
    await until('the ledger to be saved', () => savedHas('"pending":1'));
    unlogged.child.kill('SIGKILL');
    await unlogged.ended;

    const logged = await start(['--data', data]);
    await untilReady(logged);
    const { received, rejected, pending, droppedLost } = await ledgerOf(logged);
    assert.deepEqual([received, rejected, pending, droppedLost], [2, 1, 0, 1]);
    assert.equal((await postTraces(logged, request)).status, 200);
    await until('the rejection to be saved', () => savedHas('"rejected":2'));
    logged.child.kill('SIGKILL');
    await logged.ended;

    const replaying = await start(['--data', data]);
    await untilReady(replaying);
    const after = await ledgerOf(replaying);
    assert.deepEqual([after.received, after.rejected, after.droppedLost, findImbalance(after)], [4, 2, 1, undefined]);
    const metrics = await (await fetch(`${replaying.queryUrl}/metrics`)).text();
    assert.match(metrics, /^collector_spans_total\{state="received"\} 0$/m);
    assert.match(metrics, /^collector_spans_total\{state="replayed"\} 1$/m);
    replaying.child.kill('SIGTERM');
    assert.equal((await replaying.ended).code, 0);

    await writeFile(file, 'nonsense');
    const anew = await start(['--data', data]);
    await untilReady(anew);
    assert.equal((await ledgerOf(anew)).received, 0);
    anew.child.kill('SIGTERM');
    const { code, text } = await anew.ended;
    assert.equal(code, 0);
    assert.match(text, /ledger\.json cannot be read: .*; the ledger counts from now on/);
  });

  it('shares the traces and the budgets out to two samplers', async () => {
    const data = join(folder, 'two-samplers');
    const file = join(folder, 'two-samplers.yaml');
    await writeFile(
      file,
      `receivers: { otlp: { protocols: { http: } } }
processors: { tail_sampling: { decision_wait: 50ms, policies: [
  { name: errors, type: status_code, status_code: { status_codes: [ERROR] } },
  { name: few, type: rate_limiting, rate_limiting: { spans_per_second: 1, burst_capacity: 1 } }] } }
exporters: { tracelab: }
service: { pipelines: { traces: { receivers: [otlp], processors: [tail_sampling], exporters: [tracelab] } } }
`,
    );
    const running = await start(['--data', data, '--config', file, '--samplers', '2']);
    await untilReady(running);
    const traceIds = Array.from({ length: 40 }, (_, index) => traceIdFor(index));
    const sketches = traceIds.map((traceId, index) => ({ traceId, spanId: spanIdFor(0), isError: index % 4 < 2 }));
    assert.equal((await postTraces(running, encodeTracesData(tracesOf(sketches)))).status, 200);
    const ledger = await until('all to be decided and stored', async () => {
      const now = (await (await fetch(`${running.queryUrl}/api/lab/ledger`)).json()) as Ledger;
      assert.equal(findImbalance(now), undefined);
      return now.received === 40 && now.pending === 0 && now.storeQueued === 0 ? now : undefined;
    });
    assert.deepEqual([ledger.kept, ledger.sampledOut], [20, 20]);
    for (const [index, traceId] of traceIds.entries()) {
      const isKept = index % 4 < 2;
      assert.equal((await fetch(`${running.queryUrl}/api/lab/traces/${traceId}`)).status, isKept ? 200 : 404);
      const reply = (await (await fetch(`${running.queryUrl}/api/lab/explain/${traceId}`)).json()) as ExplainReply;
      assert.equal(reply.explanation?.decision, isKept ? 'sampled' : 'notSampled');
    }
    const metrics = await (await fetch(`${running.queryUrl}/metrics`)).text();
    assert.match(metrics, /^collector_population_spans_total\{service="shop",operation="work",kind="server"\} 40$/m);
    running.child.kill('SIGTERM');
    const { code, text } = await running.ended;
    assert.equal(code, 0);
    assert.match(
      text,
      /^2 samplers, each in a thread of its own: each has 1\/2 of the budget of few, and keeps no trace/m,
    );
  });

  it('ends although somebody is in the middle of sending, and keeps what was acknowledged', async () => {
    const data = join(folder, 'sending');
    const running = await start(['--data', data]);
    await untilReady(running);
    assert.equal((await postTraces(running, encodeTracesData(tracesOf([{ spanId: spanIdFor(0) }])))).status, 200);
    const socket = connect(Number(new URL(running.otlpUrl).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 5000\r\n\r\nabc',
    );
    await once(socket, 'ready');
    running.child.kill('SIGTERM');
    assert.equal((await running.ended).code, 0);
    socket.destroy();
    const store = await openSqliteStore(join(data, 'traces.sqlite'), { report: () => {} });
    assert.equal((await store.readParts(TRACE_ID)).length, 1);
    await store.close(1000);
  });

  it('says in one sentence that its folder cannot be used, and ends with 1', async () => {
    const notAFolder = join(folder, 'a-file');
    await writeFile(notAFolder, '');
    const { code, text } = await (await start(['--data', notAFolder])).ended;
    assert.equal(code, 1);
    assert.match(text, /^error: the store cannot use .*a-file.*; give another folder with --data or LAB_DATA_DIR\n$/);
  });

  it('says who holds a busy port, and ends with 1', async () => {
    const first = await start(['--data', join(folder, 'one')]);
    await untilReady(first);
    const port = new URL(first.otlpUrl).port;
    const { code, text } = await (
      await start(['--data', join(folder, 'two'), '--log-level', 'silent'], { COLLECTOR_HTTP_PORT: port })
    ).ended;
    assert.equal(code, 1);
    assert.match(
      text,
      new RegExp(`^error: port ${port} \\(collector, OTLP over HTTP\\) is held by .*COLLECTOR_HTTP_PORT`),
    );
    first.child.kill('SIGTERM');
    await first.ended;
  });

  it('refuses a configuration it does not support, and ends with 2', async () => {
    const file = join(folder, 'arrow.yaml');
    await writeFile(
      file,
      'receivers: { otlp: { protocols: { arrow: } } }\nexporters: { tracelab: }\nservice: { pipelines: { traces: { receivers: [otlp], exporters: [tracelab] } } }\n',
    );
    const { code, text } = await (await start(['--config', file])).ended;
    assert.equal(code, 2);
    assert.match(
      text,
      /receivers\.otlp\.protocols\.arrow is misspelt or not built yet: remove it; supported here: grpc, http/,
    );
  });

  it('prints exactly one JSON document with --json', async () => {
    const running = await start(['--data', join(folder, 'json'), '--json']);
    await untilReady(running);
    running.child.kill('SIGTERM');
    const { text } = await running.ended;
    const { receivers, query } = JSON.parse(text) as { receivers: Record<string, string>; query: string };
    assert.deepEqual([receivers['otlpHttp'], query], [running.otlpUrl, running.queryUrl]);
    assert.match(receivers['otlpGrpc'] ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
