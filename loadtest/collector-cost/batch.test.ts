import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildTraceTree, flattenTracesData } from '@tracelab/model';
import { decodeTracesData, type TracesData } from '@tracelab/protocol';
import { createBatch, tracesForBytes } from './batch.ts';
import { PROCESSES_PER_TRACE, SPANS_PER_PROCESS } from './trace-shape.ts';

const NOW_MS = 1_780_000_000_000;

function decode(body: Uint8Array): TracesData {
  const decoded = decodeTracesData(body);
  assert.ok(decoded.ok);
  return decoded.value;
}

function traceIdsOf(body: Uint8Array): Set<string> {
  return new Set(flattenTracesData(decode(body)).map(({ traceId }) => traceId));
}

describe('a batch of one process', () => {
  it('is OTLP with the spans it says, of 4 to 12 attributes each', () => {
    const batch = createBatch(3, 20, NOW_MS);
    const body = batch.body(1);
    const spans = flattenTracesData(decode(body));
    assert.deepEqual([spans.length, body.length], [batch.spans, batch.bytes]);
    assert.equal(batch.spans, 20 * SPANS_PER_PROCESS);
    for (const { attributes } of spans) assert.ok(attributes.length >= 4 && attributes.length <= 12);
  });

  it('is of other traces with each generation, and leaves the bodies before it alone', () => {
    const batch = createBatch(0, 20, NOW_MS);
    const [first, second] = [batch.body(65_536), batch.body(65_537)];
    assert.equal(traceIdsOf(first).size, 20);
    assert.equal(new Set([...traceIdsOf(first), ...traceIdsOf(second)]).size, 40);
    assert.deepEqual(batch.body(65_536), first);
  });

  it('makes with the other processes of its group whole traces with one root, and none with another group', () => {
    const processes = Array.from({ length: PROCESSES_PER_TRACE }, (_, process) => createBatch(process, 4, NOW_MS));
    const all = processes.flatMap((batch) => flattenTracesData(decode(batch.body(7))));
    const byTrace = Map.groupBy(all, ({ traceId }) => traceId);
    assert.equal(byTrace.size, 4);
    for (const spans of byTrace.values()) {
      const { roots } = buildTraceTree(spans);
      assert.deepEqual([spans.length, roots.length], [PROCESSES_PER_TRACE * SPANS_PER_PROCESS, 1]);
      assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
    }
    const others = traceIdsOf(createBatch(PROCESSES_PER_TRACE, 4, NOW_MS).body(7));
    assert.ok([...others].every((traceId) => !byTrace.has(traceId)));
  });
});

describe('tracesForBytes', () => {
  it('comes within a trace of the size that is asked for', () => {
    for (const bytes of [2000, 10_000, 200_000]) {
      const traces = tracesForBytes(bytes, NOW_MS);
      const perTrace = createBatch(0, 2, NOW_MS).bytes - createBatch(0, 1, NOW_MS).bytes;
      const got = createBatch(0, traces, NOW_MS).bytes;
      assert.ok(Math.abs(got - bytes) < perTrace, `${got} for ${bytes}`);
    }
    assert.equal(tracesForBytes(1, NOW_MS), 1);
  });
});
