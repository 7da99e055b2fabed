import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { flattenTracesData, summarizeTrace } from '@tracelab/model';
import type { TraceSpan } from '@tracelab/model';
import { EMPTY_LEDGER, errorBody, tracesDataToJson } from '@tracelab/protocol';
import type { Ledger, StoredEvent, TraceReply, TracesData, TraceSearchReply } from '@tracelab/protocol';

/** A collector's query side for browser tests: the built viewer, and the API over traces that the test puts in. */
export interface CannedCollector {
  url: string;
  /** Stores a trace and tells open event streams, as the collector does. */
  store: (data: TracesData, pending?: boolean) => void;
  /** Forgets a trace, as a sampler does that decides against it. */
  drop: (traceId: string) => void;
  /** What it says of so many spans that arrived and were all sampled out. */
  sampleOut: (spans: number) => void;
  /** While refused, the API answers 503 and event streams end: a collector that is away. */
  refuse: (isRefusing: boolean) => void;
  close: () => Promise<void>;
}

interface Stored {
  data: TracesData;
  spans: TraceSpan[];
  pending: boolean;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export async function startCannedCollector(distFolder: string): Promise<CannedCollector> {
  const traces = new Map<string, Stored>();
  const streams = new Set<ServerResponse>();
  const ledger: Ledger = { sinceUnixMs: 0, ...EMPTY_LEDGER };
  let isRefusing = false;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (!url.pathname.startsWith('/api/')) void sendFile(distFolder, url.pathname, response);
    else if (isRefusing) sendJson(response, 503, errorBody('overloaded', 'the test refuses'));
    else if (url.pathname === '/api/lab/events') openStream(response);
    else if (url.pathname === '/api/lab/ledger') sendJson(response, 200, ledger);
    else answerQuery(traces, url, response);
  }

  function openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store: (data, pending = false) => {
      const spans = flattenTracesData(data);
      traces.set(spans[0]?.traceId ?? '', { data, spans, pending });
      const event: StoredEvent = {
        tracesStored: traces.size,
        newestStartTimeUnixNano: String(spans[0]?.startTimeUnixNano ?? 0n),
      };
      for (const stream of streams) stream.write(`event: stored\ndata: ${JSON.stringify(event)}\n\n`);
    },
    drop: (traceId) => traces.delete(traceId),
    sampleOut: (spans) => {
      ledger.received += spans;
      ledger.sampledOut += spans;
    },
    refuse: (refusing) => {
      isRefusing = refusing;
      if (refusing) for (const stream of streams) stream.destroy();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function answerQuery(traces: ReadonlyMap<string, Stored>, url: URL, response: ServerResponse): void {
  const path = url.pathname.slice('/api/lab/'.length).split('/').map(decodeURIComponent);
  const spans = [...traces.values()].flatMap((trace) => trace.spans);
  if (path[0] === 'services' && path[2] === 'operations') {
    sendJson(response, 200, {
      operations: distinct(spans.filter((span) => span.serviceName === path[1]).map((span) => span.name)),
    });
  } else if (path[0] === 'services')
    sendJson(response, 200, { services: distinct(spans.map((span) => span.serviceName)) });
  else if (path[1] === undefined) sendJson(response, 200, search(traces, url.searchParams));
  else sendTrace(traces.get(path[1]), path[1], response);
}

function sendTrace(stored: Stored | undefined, traceId: string, response: ServerResponse): void {
  if (stored === undefined) return sendJson(response, 404, errorBody('not_found', `no trace ${traceId}`));
  const reply: TraceReply = { traceId, pending: stored.pending, trace: tracesDataToJson(stored.data) };
  return sendJson(response, 200, reply);
}

function search(traces: ReadonlyMap<string, Stored>, query: URLSearchParams): TraceSearchReply {
  const service = query.get('service');
  const minNano = Number(query.get('minDurationMs') ?? 0) * 1e6;
  const found = [...traces.values()]
    .filter((trace) => !trace.pending)
    .map((trace) => summarizeTrace(trace.spans, false))
    .filter((trace) => service === null || trace.services.some((share) => share.service === service))
    .filter((trace) => Number(trace.durationNano) >= minNano && (query.get('error') !== 'true' || trace.errorCount > 0))
    .sort((left, right) => Number(BigInt(right.startTimeUnixNano) - BigInt(left.startTimeUnixNano)));
  return { traces: found.slice(0, Number(query.get('limit') ?? 50)), truncated: false };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

async function sendFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const name = extname(path) === '' ? 'index.html' : path.slice(1);
  try {
    const body = await readFile(join(folder, name));
    response.writeHead(200, { 'content-type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
