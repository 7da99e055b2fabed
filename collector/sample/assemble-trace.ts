import { StatusCode, type Bits56 } from '@tracelab/protocol';
import { encodeSpans, type BytesOfSpan, type SpanSource } from '../receive/encode-spans.ts';
import { hasTraceStateAt, nameAt, scopeAt, spanBytesAt, startTimeAt, statusCodeAt } from '../receive/span-batch.ts';
import type { DecidedTrace, OperationCount, TraceRoot } from './decided-trace.ts';
import type { TraceView } from './buffer/trace-view.ts';
import { stampThreshold } from './probability/stamp-threshold.ts';
import { isAlways, type Threshold } from './probability/threshold.ts';
import type { SpanPlace, TraceFacts } from './trace-facts.ts';

/** The trace as the store takes it: its slices, with the threshold that it was kept by, put together again as one TracesData, and the numbers of its row. */
export function assembleTrace(
  trace: TraceView,
  { errorCount, extent, root }: TraceFacts,
  threshold: Threshold,
): DecidedTrace {
  return {
    traceId: trace.traceId,
    bytes: encodeSpans(trace, { bytesOfSpan: stampingWith(threshold, trace.idRandomness) }),
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

function countOperations(trace: SpanSource): OperationCount[] {
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
