import { ProtobufWriter, StatusCode } from '@tracelab/protocol';
import {
  endTimeAt,
  hasParentAt,
  nameAt,
  scopeAt,
  spanBytesAt,
  startTimeAt,
  statusCodeAt,
  type SpanBatch,
} from '../receive/span-batch.ts';
import type { DecidedTrace, OperationCount, TraceRoot } from './decided-trace.ts';
import type { PendingTrace } from './pending-trace.ts';

const RESOURCE_SPANS_FIELD = 1;
const SCOPE_SPANS_FIELD = 2;
const SPANS_FIELD = 2;

/** The trace as the store takes it: its slices put together again as one TracesData, and the numbers of its row. */
export function assembleTrace(trace: PendingTrace): DecidedTrace {
  const numbers = new TraceNumbers();
  for (const batch of trace.batches) for (let row = 0; row < batch.spanCount; row++) numbers.add(batch, row);
  return { traceId: trace.traceId, bytes: encodeTrace(trace), ...numbers.result() };
}

type GatheredSpans = Readonly<Pick<PendingTrace, 'batches' | 'bytesHeld'>>;

/** The gathered spans as encoded TracesData, grouped by resource and scope; their bytes are those that arrived. */
export function encodeTrace(trace: GatheredSpans): Uint8Array {
  const writer = new ProtobufWriter(trace.bytesHeld);
  for (const scopes of groupByEnvelope(trace).values()) {
    writer.message(RESOURCE_SPANS_FIELD, () => {
      for (const [index, group] of [...scopes.values()].entries()) {
        if (index === 0) writer.raw(group.scope.resource.bytes);
        writer.message(SCOPE_SPANS_FIELD, () => {
          writer.raw(group.scope.bytes);
          for (const span of group.spans) writer.bytes(SPANS_FIELD, span);
        });
      }
    });
  }
  return writer.finish();
}

interface ScopeGroup {
  scope: ReturnType<typeof scopeAt>;
  spans: Uint8Array[];
}

/** Pooled envelopes with equal bytes are the same object, so identity is equality. */
function groupByEnvelope(trace: GatheredSpans): Map<object, Map<object, ScopeGroup>> {
  const byResource = new Map<object, Map<object, ScopeGroup>>();
  for (const batch of trace.batches) {
    for (let row = 0; row < batch.spanCount; row++) {
      const scope = scopeAt(batch, row);
      const byScope = getOrAdd(byResource, scope.resource, () => new Map<object, ScopeGroup>());
      getOrAdd(byScope, scope, () => ({ scope, spans: [] })).spans.push(spanBytesAt(batch, row));
    }
  }
  return byResource;
}

/** Sums up one trace's rows. */
class TraceNumbers {
  #spanCount = 0;
  #errorCount = 0;
  #start: bigint | undefined;
  #end = 0n;
  #root: TraceRoot | undefined;
  readonly #operations = new Map<string, Map<string, OperationCount>>();

  add(batch: SpanBatch, row: number): void {
    const start = startTimeAt(batch, row);
    const end = endTimeAt(batch, row);
    const service = scopeAt(batch, row).resource.serviceName;
    const operation = nameAt(batch, row);
    const errors = statusCodeAt(batch, row) === StatusCode.error ? 1 : 0;
    this.#spanCount++;
    this.#errorCount += errors;
    if (this.#start === undefined || start < this.#start) this.#start = start;
    if (end > this.#end) this.#end = end;
    if (!hasParentAt(batch, row) && (this.#root === undefined || start < this.#root.startTimeUnixNano)) {
      this.#root = { service, name: operation, startTimeUnixNano: start };
    }
    const byOperation = getOrAdd(this.#operations, service, () => new Map<string, OperationCount>());
    const count = getOrAdd(byOperation, operation, () => ({ service, operation, spanCount: 0, errorCount: 0 }));
    count.spanCount++;
    count.errorCount += errors;
  }

  result(): Omit<DecidedTrace, 'traceId' | 'bytes'> {
    return {
      spanCount: this.#spanCount,
      errorCount: this.#errorCount,
      startTimeUnixNano: this.#start ?? 0n,
      endTimeUnixNano: this.#end,
      root: this.#root,
      operations: [...this.#operations.values()].flatMap((byOperation) => [...byOperation.values()]),
    };
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
