import { flattenTracesData } from '@tracelab/model';
import { decodeTracesData } from '@tracelab/protocol';
import { readRecord } from '../explain/read-decision-record.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { scanRequest } from '../receive/scan-request.ts';
import { spanIdAt, traceIdAt, type SpanBatch } from '../receive/span-batch.ts';
import type { Ruling } from '../sample/policies/policy.ts';
import type { Sampler } from '../sample/sampler.ts';
import { noFates, type SpanFates } from '../sample/span-fates.ts';
import type { TraceStore } from '../store/trace-store.ts';
import { readRequestRecord } from './request-record.ts';

export interface ReplayPeers {
  log: Pick<SegmentLog, 'replay'>;
  /** Decisions since then, oldest first. */
  decisionsSince: (unixMs: number) => AsyncIterable<{ traceId: Uint8Array; payload: Uint8Array }>;
  store: Pick<TraceStore, 'readParts' | 'hasRoom' | 'untilRoom'>;
  sampler: Pick<Sampler, 'accept' | 'remember'>;
  /** Keeps a segment until what it returns is called. */
  hold: (segment: number) => (fates?: SpanFates) => void;
  /** Spans of a segment that were dealt with before the end, with what became of them. */
  recognise: (segment: number, fates: SpanFates) => void;
  /** Decisions on traces that are not in the log: as many as the samplers remember. */
  decisionsRecentMax: number;
}

export interface ReplayCounts {
  requests: number;
  spans: number;
  /** Of traces that were decided before the crash, and whose decision on them is carried out. */
  spansKnown: number;
  requestsUnreadable: number;
}

/** Spans may come late for traces that were decided so long before the first request in the log. */
const DECISIONS_BEFORE_MS = 600_000;
/** Spans of so many traces are remembered while the log is read; then all are forgotten, and what is stored is looked up again. */
const TRACES_REMEMBERED_MAX = 10_000;

/**
 * Gives the sampler again what the log of an earlier life holds: spans of undecided traces wait anew; those of decided ones follow their
 * decision, unless it was carried out before the end. The log is read twice: first for its trace ids, so that of the decisions of a
 * gibibyte only those on them are remembered.
 */
export async function replayLog(peers: ReplayPeers): Promise<ReplayCounts> {
  const counts: ReplayCounts = { requests: 0, spans: 0, spansKnown: 0, requestsUnreadable: 0 };
  const logged = await readTraceIds(peers.log);
  if (logged === undefined) return counts;
  const known = new KnownSpans(await readDecisions(peers, logged), peers.store);
  for await (const { segment, payload } of peers.log.replay()) {
    const request = readRequest(payload);
    if (request === undefined) {
      counts.requestsUnreadable++;
      continue;
    }
    const { batch } = request;
    const { rows, fates } = await known.tellApart(batch);
    if (!peers.store.hasRoom()) await peers.store.untilRoom();
    peers.recognise(segment, fates);
    await peers.sampler.accept(batch, rows, peers.hold(segment));
    counts.requests++;
    counts.spans += batch.spanCount;
    counts.spansKnown += fates.received;
  }
  return counts;
}

interface LoggedTraces {
  firstReceivedUnixMs: number;
  traceIds: Set<string>;
}

/** Undefined where the log is empty. Of each trace id an entry of a set: a log of 2 GiB has half a million of them. */
async function readTraceIds(log: ReplayPeers['log']): Promise<LoggedTraces | undefined> {
  let logged: LoggedTraces | undefined;
  for await (const { payload } of log.replay()) {
    const request = readRequest(payload);
    if (request === undefined) continue;
    logged ??= { firstReceivedUnixMs: request.receivedAtUnixMs, traceIds: new Set() };
    for (let row = 0; row < request.batch.spanCount; row++) logged.traceIds.add(traceIdAt(request.batch, row));
  }
  return logged;
}

/** The sampler copies what waits: a view of what was read ahead will do. */
function readRequest(payload: Uint8Array): { receivedAtUnixMs: number; batch: SpanBatch } | undefined {
  const record = readRequestRecord(payload);
  const scanned = record === undefined ? undefined : scanRequest(record.request);
  if (record === undefined || scanned?.ok !== true) return undefined;
  return { receivedAtUnixMs: record.receivedAtUnixMs, batch: scanned.value.batch };
}

/** Those on the logged traces. The sampler remembers the last of all as well, as it would have without the end. */
async function readDecisions(peers: ReplayPeers, logged: LoggedTraces): Promise<Map<string, Ruling>> {
  const rulings = new Map<string, Ruling>();
  let recent = new Map<string, Ruling>();
  let older: ReadonlyMap<string, Ruling> = recent;
  for await (const { traceId, payload } of peers.decisionsSince(logged.firstReceivedUnixMs - DECISIONS_BEFORE_MS)) {
    const record = readRecord(payload);
    if (record === undefined || !('ruling' in record)) continue;
    const hex = Buffer.from(traceId).toString('hex');
    if (logged.traceIds.has(hex)) rulings.set(hex, record.ruling);
    if (recent.size >= peers.decisionsRecentMax) [older, recent] = [recent, new Map()];
    recent.set(hex, record.ruling);
  }
  for (const some of [older, recent, rulings]) peers.sampler.remember(some);
  return rulings;
}

interface KnownTrace {
  stored: ReadonlySet<string>;
  /** Ids of spans of which the log has had one. */
  recognised: Set<string>;
}

/** Which spans were dealt with before the end. */
class KnownSpans {
  readonly #rulings: ReadonlyMap<string, Ruling>;
  readonly #store: Pick<TraceStore, 'readParts'>;
  readonly #traces = new Map<string, KnownTrace>();

  constructor(rulings: ReadonlyMap<string, Ruling>, store: Pick<TraceStore, 'readParts'>) {
    this.#rulings = rulings;
    this.#store = store;
  }

  /** Rows of spans of undecided traces, and of kept ones that are not in the store; and what became of the others. */
  async tellApart(batch: SpanBatch): Promise<{ rows: Uint32Array; fates: SpanFates }> {
    const rows: number[] = [];
    const fates = noFates();
    for (let row = 0; row < batch.spanCount; row++) {
      const traceId = traceIdAt(batch, row);
      const spanId = spanIdAt(batch, row);
      const trace = this.#traces.get(traceId) ?? (await this.#readTrace(traceId));
      const isStored = trace.stored.has(spanId);
      if (!isStored && !this.#isSampledOut(traceId)) {
        rows.push(row);
        continue;
      }
      fates.received++;
      if (trace.recognised.has(spanId)) fates.droppedDuplicate++;
      else if (isStored) fates.kept++;
      trace.recognised.add(spanId);
    }
    return { rows: Uint32Array.from(rows), fates };
  }

  #isSampledOut(traceId: string): boolean {
    const decision = this.#rulings.get(traceId)?.decision;
    return decision === 'notSampled' || decision === 'dropped';
  }

  /** One that is in the store was kept, though the end came before that was written down. */
  async #readTrace(traceId: string): Promise<KnownTrace> {
    const stored = new Set<string>();
    const parts = this.#isSampledOut(traceId) ? [] : await this.#store.readParts(traceId);
    for (const part of parts) {
      const data = decodeTracesData(part);
      if (data.ok) for (const { spanId } of flattenTracesData(data.value)) stored.add(spanId);
    }
    if (this.#traces.size >= TRACES_REMEMBERED_MAX) this.#traces.clear();
    const trace: KnownTrace = { stored, recognised: new Set() };
    this.#traces.set(traceId, trace);
    return trace;
  }
}
