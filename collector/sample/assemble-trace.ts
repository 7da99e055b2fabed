import { ProtobufWriter, StatusCode, type Bits56 } from '@tracelab/protocol';
import {
  hasTraceStateAt,
  nameAt,
  scopeAt,
  spanBytesAt,
  startTimeAt,
  statusCodeAt,
  type SpanBatch,
} from '../receive/span-batch.ts';
import type { DecidedTrace, OperationCount, TraceRoot } from './decided-trace.ts';
import type { PooledResource, PooledScope } from './buffer/envelope-pool.ts';
import type { TraceView } from './buffer/trace-view.ts';
import { stampThreshold } from './probability/stamp-threshold.ts';
import { isAlways, type Threshold } from './probability/threshold.ts';
import type { SpanPlace, TraceFacts } from './trace-facts.ts';

const RESOURCE_SPANS_FIELD = 1;
const SCOPE_SPANS_FIELD = 2;
const SPANS_FIELD = 2;

/** The trace as the store takes it: its slices, with the threshold that it was kept by, put together again as one TracesData, and the numbers of its row. */
export function assembleTrace(
  trace: TraceView,
  { errorCount, extent, root }: TraceFacts,
  threshold: Threshold,
): DecidedTrace {
  return {
    traceId: trace.traceId,
    bytes: encodeTrace(trace, stampingWith(threshold, trace.idRandomness)),
    spanCount: trace.spanCount,
    errorCount,
    startTimeUnixNano: extent.startTimeUnixNano,
    endTimeUnixNano: extent.endTimeUnixNano,
    root: root === undefined ? undefined : rootOf(root),
    operations: countOperations(trace),
  };
}

function rootOf({ batch, row }: SpanPlace): TraceRoot {
  return {
    service: scopeAt(batch, row).resource.serviceName,
    name: nameAt(batch, row),
    startTimeUnixNano: startTimeAt(batch, row),
  };
}

/** Where nothing is to be written and nothing may have to be erased, the bytes are not looked at. */
function stampingWith(threshold: Threshold, randomness: Bits56): BytesOfSpan {
  const isWritten = threshold !== undefined && !isAlways(threshold);
  return (batch, row) => {
    const span = spanBytesAt(batch, row);
    return isWritten || hasTraceStateAt(batch, row) ? stampThreshold(span, randomness, threshold) : span;
  };
}

type GatheredSpans = Pick<TraceView, 'forEachSpan'>;
type BytesOfSpan = (batch: SpanBatch, row: number) => Uint8Array;

/** The gathered spans as encoded TracesData, grouped by resource and scope; unless told otherwise their bytes are those that arrived. */
export function encodeTrace(trace: GatheredSpans, bytesOfSpan: BytesOfSpan = spanBytesAt): Uint8Array {
  const writer = shared;
  writer.reset();
  for (const scopes of groupByEnvelope(trace, bytesOfSpan).values()) {
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
  const bytes = writer.finish();
  if (bytes.length > SHARED_BYTES_MAX) shared = new ProtobufWriter();
  return bytes;
}

/** Grown once and used for every trace; one that a huge trace has stretched is not kept. */
let shared = new ProtobufWriter();
const SHARED_BYTES_MAX = 1024 * 1024;

interface ScopeGroup {
  scope: PooledScope;
  spans: Uint8Array[];
}

/** Pooled envelopes with equal bytes are the same object, so identity is equality. */
function groupByEnvelope(
  trace: GatheredSpans,
  bytesOfSpan: BytesOfSpan,
): Map<PooledResource, Map<PooledScope, ScopeGroup>> {
  const byResource = new Map<PooledResource, Map<PooledScope, ScopeGroup>>();
  trace.forEachSpan((batch, row) => {
    const scope = scopeAt(batch, row);
    const byScope = getOrAdd(byResource, scope.resource, () => new Map<PooledScope, ScopeGroup>());
    getOrAdd(byScope, scope, () => ({ scope, spans: [] })).spans.push(bytesOfSpan(batch, row));
  });
  return byResource;
}

function countOperations(trace: GatheredSpans): OperationCount[] {
  const operations = new Map<string, Map<string, OperationCount>>();
  trace.forEachSpan((batch, row) => {
    const service = scopeAt(batch, row).resource.serviceName;
    const operation = nameAt(batch, row);
    const byOperation = getOrAdd(operations, service, () => new Map<string, OperationCount>());
    const count = getOrAdd(byOperation, operation, () => ({ service, operation, spanCount: 0, errorCount: 0 }));
    count.spanCount++;
    if (statusCodeAt(batch, row) === StatusCode.error) count.errorCount++;
  });
  return [...operations.values()].flatMap((byOperation) => [...byOperation.values()]);
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
