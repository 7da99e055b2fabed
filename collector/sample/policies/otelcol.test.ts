/** The same against the real OpenTelemetry Collector, where OTELCOL_BIN names one: one process, a pipeline for each set of policies. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { freePorts } from '@tracelab/command';
import { decodeTracesData, encodeTracesData } from '@tracelab/protocol';
import { until } from '../../../test/until.ts';
import { LIMIT_CASES, POLICY_CASES } from './cases.test-kit.ts';
import { decideAll, scanAll } from './decide-all.test-kit.ts';
import { createTraffic } from './traffic.test-kit.ts';

const OTELCOL = process.env['OTELCOL_BIN'];
const TRACES = 20_000;
const CASES = Object.entries({ ...POLICY_CASES, ...LIMIT_CASES });

it(
  'policies decide 20,000 traces as the OpenTelemetry Collector does',
  { skip: OTELCOL === undefined ? 'OTELCOL_BIN names no OpenTelemetry Collector' : false },
  async () => {
    const requests = createTraffic(TRACES, 7);
    const batches = scanAll(requests);
    const sink = await startSink();
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}/v1/traces`;
    const otelcol = await startOtelcol(OTELCOL ?? '', { config: otelcolConfig(port, sink.url), url });
    try {
      for (const request of requests) await post(url, encodeTracesData(request));
    } finally {
      // At its end it decides what is pending and exports it.
      await otelcol.stop();
      sink.server.close();
    }
    for (const [index, [name, policies]] of CASES.entries()) {
      const theirs = sink.kept[index] ?? new Map<string, number>();
      const ours = await decideAll(batches, policies);
      if (name in POLICY_CASES) assert.deepEqual(new Set(theirs.keys()), new Set(ours.keys()), name);
      else assertSimilar(spansOf(theirs), spansOf(ours), name);
    }
  },
);

/** Which traces a budget chooses depends on the order of decisions, which is random there. */
function assertSimilar(theirs: number, ours: number, name: string): void {
  assert.ok(Math.abs(theirs - ours) < 0.15 * ours, `${name}: ${theirs} spans there, ${ours} here`);
}

function spansOf(kept: ReadonlyMap<string, number>): number {
  return [...kept.values()].reduce((sum, spans) => sum + spans, 0);
}

function otelcolConfig(port: number, sinkUrl: string): string {
  const each = (line: (policies: string, index: number) => string): string =>
    CASES.map(([, policies], index) => line(policies, index)).join('\n');
  return `
receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }
processors:
  batch:
${each((policies, index) => `  tail_sampling/${index}: { decision_wait: 600s, num_traces: 1000000, policies: ${policies} }`)}
exporters:
${each((_, index) => `  otlphttp/${index}: { traces_endpoint: "${sinkUrl}/${index}", compression: none }`)}
service:
  telemetry: { metrics: { level: none }, logs: { level: error } }
  pipelines:
${each((_, index) => `    traces/${index}: { receivers: [otlp], processors: [tail_sampling/${index}, batch], exporters: [otlphttp/${index}] }`)}
`;
}

/** Counts what arrives at /0, /1, …, one for each case. */
async function startSink(): Promise<{ url: string; server: Server; kept: Map<string, number>[] }> {
  const kept = CASES.map(() => new Map<string, number>());
  const server = createServer((request, response) => {
    void take(request, kept).then(() => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, kept };
}

async function take(request: IncomingMessage, kept: readonly Map<string, number>[]): Promise<void> {
  const data = decodeTracesData(await buffer(request));
  const ofCase = kept[Number(request.url?.slice(1))];
  if (!data.ok || ofCase === undefined) return;
  const spans = data.value.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  for (const { traceId } of spans) ofCase.set(traceId, (ofCase.get(traceId) ?? 0) + 1);
}

async function startOtelcol(
  binary: string,
  { config, url }: { config: string; url: string },
): Promise<{ stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tracelab-otelcol-'));
  const file = join(folder, 'otelcol.yaml');
  await writeFile(file, config);
  const child = spawn(binary, ['--config', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilListening(child, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

async function untilListening(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const isListening = await until(
    () => `OTELCOL_BIN listens: ${said.slice(0, 2000)}`,
    async () => (child.exitCode === null ? (await fetch(url).catch(() => undefined)) !== undefined : { ended: true }),
  );
  assert.equal(isListening, true, `OTELCOL_BIN does not run: ${said.slice(0, 2000)}`);
}

async function post(url: string, body: Uint8Array): Promise<void> {
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(url, { method: 'POST', body: Buffer.from(body), headers });
  assert.equal(response.status, 200, await response.text());
}
