import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  EMPTY_LEDGER,
  encodeTracesData,
  type ErrorBody,
  type ExplainReply,
  type Ledger,
  type TraceReply,
  type TraceSearchReply,
} from '@tracelab/protocol';
import { BASE_TIME_MS, spanIdFor, traceIdFor, tracesOf, type SpanSketch } from '../fixtures/make-trace.ts';
import { postTraces, startTestCollector, type TestCollector } from '../fixtures/start-test-collector.ts';
import { SEARCH_PARAMETERS } from './search-parameters.ts';

let collector: TestCollector;
let viewerFolder = '';
const STORED: SpanSketch[] = [
  {
    traceId: traceIdFor(1),
    spanId: spanIdFor(0),
    service: 'gateway',
    name: 'POST /checkout',
    startMs: 0,
    endMs: 1200,
    attributes: { tier: 'gold' },
  },
  {
    traceId: traceIdFor(1),
    spanId: spanIdFor(1),
    parentSpanId: spanIdFor(0),
    service: 'payments',
    name: 'charge',
    startMs: 100,
    endMs: 970,
    isError: true,
  },
];

before(async () => {
  viewerFolder = await mkdtemp(join(tmpdir(), 'tracelab-viewer-'));
  collector = await startTestCollector({ viewerFolder });
  await postTraces(collector, encodeTracesData(tracesOf(STORED)));
  await collector.pass(1000);
  await postTraces(
    collector,
    encodeTracesData(tracesOf([{ traceId: traceIdFor(2), spanId: spanIdFor(0), service: 'gateway' }])),
  );
});
after(async () => {
  await collector.close();
  await rm(viewerFolder, { recursive: true, force: true });
});

const get = (path: string): Promise<Response> => fetch(collector.queryUrl + path);
async function json<Body>(path: string): Promise<Body> {
  const response = await get(path);
  assert.equal(response.status, 200, path);
  return (await response.json()) as Body;
}
async function refusal(path: string): Promise<[status: number, code: string, message: string]> {
  const response = await get(path);
  const { error } = (await response.json()) as ErrorBody;
  return [response.status, error.code, error.message];
}

describe('/api/lab', () => {
  it('finds stored traces by every parameter, not the pending ones', async () => {
    const found = async (query: string): Promise<number> =>
      (await json<TraceSearchReply>(`/api/lab/traces?${query}`)).traces.length;
    assert.equal(await found(''), 1);
    for (const query of [
      'service=payments&operation=charge',
      'minDurationMs=1200&maxDurationMs=1200',
      'error=true',
      'attribute=tier=gold&attribute=service.name=gateway',
      `startUnixMs=${BASE_TIME_MS}&endUnixMs=${BASE_TIME_MS}`,
      'limit=1&service=',
    ])
      assert.equal(await found(query), 1, query);
    for (const query of [
      'service=bank',
      'minDurationMs=1200.5',
      'attribute=tier=silver',
      `startUnixMs=${BASE_TIME_MS + 1}`,
    ])
      assert.equal(await found(query), 0, query);
  });

  it('gives a trace by id, in either case, and marks the one that is not decided', async () => {
    const stored = await json<TraceReply>(`/api/lab/traces/${traceIdFor(1).toUpperCase()}`);
    assert.deepEqual([stored.traceId, stored.pending], [traceIdFor(1), false]);
    assert.equal((await json<TraceReply>(`/api/lab/traces/${traceIdFor(2)}`)).pending, true);
    assert.equal((await json<TraceReply>(`/api/lab/traces/2`)).pending, false);
  });

  it('explains a decided trace, says of one that is not that it is not, and of an unknown one that it never came', async () => {
    const { explanation } = await json<ExplainReply>(`/api/lab/explain/${traceIdFor(1)}`);
    assert.deepEqual(
      [explanation?.decision, explanation?.decidedBy, explanation?.trigger, explanation?.completeness.spanCount],
      ['sampled', 'keep-everything', 'root', 2],
    );
    assert.deepEqual(await json<ExplainReply>(`/api/lab/explain/${traceIdFor(2)}`), { traceId: traceIdFor(2) });
    assert.deepEqual((await refusal(`/api/lab/explain/${traceIdFor(99)}`)).slice(0, 2), [404, 'not_found']);
    assert.deepEqual((await refusal('/api/lab/explain/xyz')).slice(0, 2), [400, 'bad_request']);
  });

  it('says of an unknown trace since when it knows, once it had to forget', async () => {
    const forgetful = await startTestCollector({ explainBytesMax: 2000 });
    for (let index = 0; index < 20; index++)
      await postTraces(
        forgetful,
        encodeTracesData(tracesOf([{ traceId: traceIdFor(index), spanId: spanIdFor(index) }])),
      );
    await forgetful.pass(1000);
    const response = await fetch(`${forgetful.queryUrl}/api/lab/explain/${traceIdFor(0)}`);
    const { error } = (await response.json()) as ErrorBody;
    assert.deepEqual([response.status, error.code], [410, 'gone']);
    assert.match(error.message, /or it was decided before \d{4}-/);
    await forgetful.close();
  });

  it('refuses what it does not understand, saying what is allowed', async () => {
    assert.deepEqual((await refusal(`/api/lab/traces/${traceIdFor(99)}`)).slice(0, 2), [404, 'not_found']);
    assert.deepEqual((await refusal('/api/lab/traces/xyz')).slice(0, 2), [400, 'bad_request']);
    for (const [query, message] of [
      ['limit=0', /limit should be a whole number from 1 to 500: was "0"/],
      ['limit=501', /was "501"/],
      ['minDurationMs=-1', /minDurationMs should be a number of milliseconds, at least 0: was "-1"/],
      ['error=maybe', /error should be true or false: was "maybe"/],
      ['attribute=x', /attribute should be key=value: was "x"/],
      ['service=a&service=b', /service should be given once: was given 2 times/],
      ['sevrice=a', /there is no parameter "sevrice": allowed are service, operation/],
    ] as const) {
      const [status, code, text] = await refusal(`/api/lab/traces?${query}`);
      assert.deepEqual([status, code], [400, 'bad_request']);
      assert.match(text, message);
    }
    assert.deepEqual((await refusal('/api/lab/nothing')).slice(0, 2), [404, 'not_found']);
  });

  it('lists services and operations', async () => {
    assert.deepEqual(await json('/api/lab/services'), { services: ['gateway', 'payments'] });
    assert.deepEqual(await json('/api/lab/services/payments/operations'), { operations: ['charge'] });
  });

  it('shows the ledger, also as metrics', async () => {
    const { sinceUnixMs, ...ledger } = await json<Ledger>('/api/lab/ledger');
    assert.ok(Math.abs(sinceUnixMs - Date.now()) < 600_000, `since ${sinceUnixMs}`);
    assert.deepEqual(ledger, {
      ...EMPTY_LEDGER,
      received: 3,
      pending: 1,
      kept: 2,
      stored: 2,
    });
    const metrics = await (await get('/metrics')).text();
    assert.match(metrics, /^collector_spans_total\{state="kept"\} 2$/m);
    assert.match(metrics, /^# EOF$/m);
    assert.deepEqual(await json('/healthz'), { status: 'ok' });
  });

  it('tells listeners when traces are stored', async () => {
    const controller = new AbortController();
    const response = await fetch(`${collector.queryUrl}/api/lab/events`, { signal: controller.signal });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    assert.ok(reader !== undefined);
    let text = (await reader.read()).value ?? '';
    await postTraces(
      collector,
      encodeTracesData(tracesOf([{ traceId: traceIdFor(5), spanId: spanIdFor(0), service: 'late', startMs: 50 }])),
    );
    await collector.pass(1000);
    // The trace that was pending may be stored, and told of, before it.
    while (!text.includes('1780000000050000000')) text += (await reader.read()).value ?? '';
    assert.match(
      text,
      /event: stored\ndata: \{"tracesStored":\d,"newestStartTimeUnixNano":"1780000000050000000"\}\n\n/,
    );
    controller.abort();
  });

  it('is described by its OpenAPI document: the same paths and the same parameters', async () => {
    interface OpenApi {
      paths: Record<string, { get: { parameters?: { name: string; in: string }[] } }>;
    }
    const document = await json<OpenApi>('/api/lab/openapi.json');
    assert.deepEqual(document, JSON.parse(await readFile(new URL('./openapi.json', import.meta.url), 'utf8')));
    const [, , message] = await refusal('/nowhere');
    const routes = (/the paths are (.*)$/.exec(message)?.[1] ?? '')
      .split(', ')
      .filter((path) => path.startsWith('/api/lab/'));
    const described = Object.keys(document.paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
    assert.deepEqual(described.sort(), routes.sort());
    const parameters = document.paths['/api/lab/traces']?.get.parameters?.map(({ name }) => name);
    assert.deepEqual(parameters, [...SEARCH_PARAMETERS]);
  });
});

describe('the viewer', () => {
  it('says how to build it while it is not built', async () => {
    const response = await get('/');
    assert.equal(response.status, 503);
    assert.match(await response.text(), /npm run build:viewer/);
  });

  it('answers every page of its own with one file, and its assets, once it is built', async () => {
    await mkdir(join(viewerFolder, 'assets'));
    await writeFile(join(viewerFolder, 'index.html'), '<title>viewer</title>');
    await writeFile(join(viewerFolder, 'assets', 'main.js'), 'x');
    for (const path of ['/', '/search?service=a', `/trace/${traceIdFor(1)}`, `/explain/${traceIdFor(1)}`]) {
      const response = await get(path);
      assert.deepEqual([response.status, await response.text()], [200, '<title>viewer</title>']);
    }
    const asset = await get('/assets/main.js');
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/);
    assert.equal((await get('/assets/..%2findex.html')).status, 404);
    assert.equal((await get('/assets/%2e%2e%2findex.html')).status, 404);
    assert.equal((await get('/assets/none.js')).status, 404);
  });
});

describe('Jaeger v1', () => {
  interface Envelope<Data> {
    data: Data;
    errors: { code: number; msg: string; traceID?: string }[] | null;
  }
  interface Trace {
    traceID: string;
    spans: {
      spanID: string;
      startTime: number;
      duration: number;
      references: unknown[];
      tags: { key: string; value: unknown }[];
      processID: string;
    }[];
    processes: Record<string, { serviceName: string }>;
  }

  it('lists services and operations in its envelope', async () => {
    const { data, errors } = await json<Envelope<string[]>>('/api/services');
    assert.ok(data.includes('gateway') && errors === null);
    assert.deepEqual((await json<Envelope<string[]>>('/api/services/payments/operations')).data, ['charge']);
    assert.deepEqual((await json<Envelope<unknown>>('/api/operations?service=payments')).data, [
      { name: 'charge', spanKind: '' },
    ]);
  });

  it('searches with its own parameters', async () => {
    const us = BASE_TIME_MS * 1000;
    const tags = encodeURIComponent('{"error":"true","service.name":"payments"}');
    const query = `service=payments&operation=charge&tags=${tags}&minDuration=1.2s&maxDuration=1200ms&limit=20&start=${us}&end=${us}&lookback=1h`;
    const { data } = await json<Envelope<Trace[]>>(`/api/traces?${query}`);
    assert.deepEqual(
      data.map((trace) => trace.traceID),
      [traceIdFor(1)],
    );
    assert.deepEqual((await json<Envelope<Trace[]>>('/api/traces?service=payments&minDuration=2s')).data, []);
  });

  it('gives a trace with references, tags and processes, times in microseconds', async () => {
    const [trace] = (await json<Envelope<Trace[]>>(`/api/traces/${traceIdFor(1)}`)).data;
    assert.ok(trace !== undefined);
    const child = trace.spans.find((span) => span.spanID === spanIdFor(1));
    assert.ok(child !== undefined);
    assert.deepEqual(child.references, [{ refType: 'CHILD_OF', traceID: traceIdFor(1), spanID: spanIdFor(0) }]);
    assert.deepEqual([child.startTime, child.duration], [(BASE_TIME_MS + 100) * 1000, 870_000]);
    assert.equal(trace.processes[child.processID]?.serviceName, 'payments');
    const tags = Object.fromEntries(child.tags.map(({ key, value }) => [key, value]));
    assert.deepEqual(
      [tags['error'], tags['otel.status_code'], tags['span.kind'], tags['otel.scope.name']],
      [true, 'ERROR', 'server', 'test'],
    );
  });

  it('answers errors in its own shape', async () => {
    const missing = await get(`/api/traces/${traceIdFor(99)}`);
    assert.equal(missing.status, 404);
    const { errors } = (await missing.json()) as Envelope<null>;
    assert.deepEqual(errors, [{ code: 404, msg: 'trace not found', traceID: traceIdFor(99) }]);
    for (const path of [
      '/api/traces/xyz',
      '/api/traces',
      '/api/traces?service=a&tags=x',
      '/api/traces?service=a&minDuration=fast',
      '/api/operations',
    ]) {
      const response = await get(path);
      assert.equal(response.status, 400, path);
      assert.equal(((await response.json()) as Envelope<null>).errors?.[0]?.code, 400);
    }
  });
});
