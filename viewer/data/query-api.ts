import { accept, refuse, tracesDataFromJson } from '@tracelab/protocol';
import type {
  ExplainReply,
  Ledger,
  OperationsReply,
  Result,
  ServicesReply,
  TraceReply,
  TraceSearchReply,
  TracesData,
} from '@tracelab/protocol';
import { filterToApiQuery } from './search-filter.ts';
import type { SearchFilter } from './search-filter.ts';

/**
 * Why an answer is missing, and what the collector said. `gone`: it knows no longer; `aborted` is our own doing: a newer
 * request took its place.
 */
export interface QueryProblem {
  kind: 'unreachable' | 'not-found' | 'gone' | 'refused' | 'aborted';
  message: string;
}

export type QueryResult<Value> = Result<Value, QueryProblem>;

export interface LoadedTrace {
  traceId: string;
  isPending: boolean;
  data: TracesData;
}

/** The collector answers within milliseconds; one that hangs is treated as unreachable after this time. */
const ANSWER_MS_MAX = 15_000;

export function searchTraces(filter: SearchFilter, signal: AbortSignal): Promise<QueryResult<TraceSearchReply>> {
  return getJson<TraceSearchReply>(`/api/lab/traces?${filterToApiQuery(filter, Date.now())}`, signal);
}

/** Where every span went since the collector started. */
export function readLedger(signal: AbortSignal): Promise<QueryResult<Ledger>> {
  return getJson<Ledger>('/api/lab/ledger', signal);
}

export function listServices(signal: AbortSignal): Promise<QueryResult<ServicesReply>> {
  return getJson<ServicesReply>('/api/lab/services', signal);
}

export function listOperations(service: string, signal: AbortSignal): Promise<QueryResult<OperationsReply>> {
  return getJson<OperationsReply>(`/api/lab/services/${encodeURIComponent(service)}/operations`, signal);
}

export async function loadTrace(traceId: string, signal: AbortSignal): Promise<QueryResult<LoadedTrace>> {
  const reply = await getJson<TraceReply>(`/api/lab/traces/${traceId}`, signal);
  if (!reply.ok) return reply;
  const data = tracesDataFromJson(reply.value.trace);
  if (!data.ok) return refuse({ kind: 'refused', message: `the trace is not valid OTLP JSON: ${data.error}` });
  return accept({ traceId, isPending: reply.value.pending, data: data.value });
}

/** Why a trace was kept or dropped; without an explanation while it is undecided. */
export function explainTrace(traceId: string, signal: AbortSignal): Promise<QueryResult<ExplainReply>> {
  return getJson<ExplainReply>(`/api/lab/explain/${traceId}`, signal);
}

async function getJson<Reply>(path: string, signal: AbortSignal): Promise<QueryResult<Reply>> {
  let response: Response;
  try {
    response = await fetch(path, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      headers: { accept: 'application/json' },
    });
  } catch (error) {
    if (signal.aborted) return refuse({ kind: 'aborted', message: 'a newer request took its place' });
    return refuse({ kind: 'unreachable', message: error instanceof Error ? error.message : String(error) });
  }
  // Our own collector speaks our shapes (protocol/api/query.ts): this is the one place where its text becomes a type.
  const body = (await response.json().catch(() => undefined)) as unknown;
  if (response.ok && body !== undefined) return accept(body as Reply);
  return refuse(describeRefusal(response.status, body));
}

function describeRefusal(status: number, body: unknown): QueryProblem {
  const said = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
  const message = typeof said === 'string' ? said : `the collector answered with status ${status}`;
  if (status === 404) return { kind: 'not-found', message };
  if (status === 410) return { kind: 'gone', message };
  return { kind: status >= 502 ? 'unreachable' : 'refused', message };
}
