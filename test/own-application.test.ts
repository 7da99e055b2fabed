/**
 * Somebody's own application, in a folder of its own outside the repository: traced with no code at all by our tracer, and
 * by the official SDK. Both appear in the collector that runs alone, through the API of the viewer and through Jaeger's.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePorts, launchProgram, projectRoot, type LaunchedProgram } from '@tracelab/command';
import { buildTraceTree, flattenTracesData, type SpanNode } from '@tracelab/model';
import { tracesDataFromJson, type TraceReply, type TraceSearchReply } from '@tracelab/protocol';
import { launchBrowser } from './browser.ts';
import { outerEnvironment } from './running-lab.ts';
import { until } from './until.ts';

let collector: LaunchedProgram;
let folder: string;
let otlpUrl = '';
let queryUrl = '';
const children: ChildProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracelab-own-application-'));
  const [otlpPort = 0, queryPort = 0] = await freePorts(2);
  [otlpUrl, queryUrl] = [`http://127.0.0.1:${otlpPort}`, `http://127.0.0.1:${queryPort}`];
  const env = {
    COLLECTOR_GRPC_PORT: '0',
    COLLECTOR_SAMPLING_PORT: '0',
    COLLECTOR_HTTP_PORT: String(otlpPort),
    COLLECTOR_QUERY_PORT: String(queryPort),
    LAB_DATA_DIR: join(folder, 'data'),
  };
  collector = launchProgram({ name: 'collector', file: 'collector/main.ts', env });
  await collector.ready;
  await layOutApplication();
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('an application outside the repository', () => {
  it('is traced with no code at all by --import @tracelab/tracer/register', async () => {
    const url = await startApplication(['--import', '@tracelab/tracer/register', 'plain-fastify.js'], 'plain-fastify');
    assert.equal((await fetch(`${url}/trip`)).status, 200);
    const [trip] = await treeOf('plain-fastify', 3);
    assert.deepEqual(shape(trip), ['GET /trip', 'GET', 'GET /weather/:city']);
    await assertShownInViewer('plain-fastify');
  });

  it('is traced by the official SDK that exports to our collector', async () => {
    const url = await startApplication(['official-sdk.cjs'], 'official-sdk');
    assert.equal((await fetch(`${url}/trip`)).status, 200);
    const [trip] = await treeOf('official-sdk', 3);
    assert.deepEqual(shape(trip), ['GET', 'GET', 'GET']);
    const jaeger = (await (await fetch(`${queryUrl}/api/traces?service=official-sdk`)).json()) as {
      data: { spans: unknown[] }[];
    };
    assert.equal(jaeger.data[0]?.spans.length, 3);
  });
});

/** npm links a package that is installed from a folder: so do we, without asking a registry. */
async function layOutApplication(): Promise<void> {
  await cp(join(projectRoot, 'test', 'applications'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'own-application', type: 'module' }));
  await mkdir(join(folder, 'node_modules', '@tracelab'), { recursive: true });
  await symlink(join(projectRoot, 'tracer'), join(folder, 'node_modules', '@tracelab', 'tracer'), 'junction');
  for (const name of ['fastify', '@opentelemetry'])
    await symlink(join(projectRoot, 'node_modules', name), join(folder, 'node_modules', name), 'junction');
}

/** The address that the application prints as its first line that holds one. */
async function startApplication(args: readonly string[], serviceName: string): Promise<string> {
  const env = {
    ...outerEnvironment(),
    OTEL_SERVICE_NAME: serviceName,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await Promise.race([
    until('the application prints its address', () => /http:\/\/[\d.:]+/.test(printed)),
    once(child, 'exit'),
  ]);
  return /http:\/\/[\d.:]+/.exec(printed)?.[0] ?? assert.fail(`the application ended: ${printed}`);
}

async function treeOf(service: string, spanCount: number): Promise<SpanNode[]> {
  let roots: SpanNode[] = [];
  await until(`${service} has a trace of ${spanCount} spans`, async () => {
    const search = (await (await fetch(`${queryUrl}/api/lab/traces?service=${service}`)).json()) as TraceSearchReply;
    const summary = search.traces.find((trace) => trace.spanCount === spanCount);
    if (summary === undefined) return false;
    const reply = (await (await fetch(`${queryUrl}/api/lab/traces/${summary.traceId}`)).json()) as TraceReply;
    const data = tracesDataFromJson(reply.trace);
    assert.ok(data.ok);
    roots = buildTraceTree(flattenTracesData(data.value)).roots;
    return true;
  });
  return roots;
}

/** The names along the only path of a tree. */
function shape(node: SpanNode | undefined): string[] {
  return node === undefined ? [] : [node.span.name, ...shape(node.children[0])];
}

async function assertShownInViewer(service: string): Promise<void> {
  const browser = await launchBrowser();
  if (browser === undefined) return;
  try {
    const page = await browser.newPage();
    await page.goto(`${queryUrl}/?service=${service}`);
    await page.locator('a', { hasText: 'GET /trip' }).first().waitFor();
  } finally {
    await browser.close();
  }
}
