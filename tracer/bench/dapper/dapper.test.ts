/** Each operation must make what its name promises, of every tracer, or its row compares different things. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { context } from '@opentelemetry/api';
import { createRandom } from '@tracelab/protocol';
import type { Span } from '@tracelab/protocol';
import { lastKept, prepareOperations, runBatches } from '../micro/run-operations.ts';
import type { SpanCase } from '../micro/span-case.ts';
import { createLabSubject } from '../subject/lab-subject.ts';
import { createSdkSubject, createUnencodedSdkSubject } from '../subject/sdk-subject.ts';
import { spansOf } from '../subject/spans-of-batch.ts';
import { BATCH_SPANS } from '../subject/subject.ts';
import type { Subject } from '../subject/subject.ts';
import { measureOperations } from './measure-operations.ts';
import type { Sides } from './measure-operations.ts';
import { DAPPER_OPERATIONS, NOTHING } from './operations.ts';
import { rowsOf } from './section.ts';

const SUBJECTS: readonly (() => Subject)[] = [createLabSubject, createSdkSubject];

describe('Dapper’s operations', () => {
  after(() => context.disable());

  it('stand beside the figures of the paper', () => {
    assert.deepEqual(
      DAPPER_OPERATIONS.map(({ name, dapperNs }) => [name, dapperNs]),
      [
        ['root', 204],
        ['child', 176],
        ['event-unsampled', 9],
        ['event-sampled', 40],
        ['attribute-unsampled', undefined],
        ['attribute-sampled', undefined],
      ],
    );
  });

  for (const create of SUBJECTS) {
    const { name: subjectName } = create();
    for (const operation of DAPPER_OPERATIONS.filter((one) => one.with.spansEncoded > 0)) {
      it(`${operation.name}: spans of ${subjectName} have as many annotations as are counted, and none without`, async () => {
        const annotationsOf = ({ events, attributes }: Span): number => events.length + attributes.length;
        const expected = operation.without === NOTHING ? 0 : operation.count;
        const spans = await batchOf(operation.with, create());
        assert.equal(spans.length, BATCH_SPANS);
        assert.deepEqual(new Set(spans.map(annotationsOf)), new Set([expected]));
        if (operation.without === NOTHING) return;
        assert.deepEqual(new Set((await batchOf(operation.without, create())).map(annotationsOf)), new Set([0]));
      });
    }

    it(`unsampled operations of ${subjectName} annotate a span that does not record`, async () => {
      const subject = create();
      for (const operation of DAPPER_OPERATIONS.filter((one) => one.with.spansEncoded === 0)) {
        await runBatches(prepareOperations(operation.with, subject), 2);
        assert.equal((lastKept() as { isRecording: () => boolean }).isRecording(), false);
      }
      assert.equal(subject.batchesEncoded(), 0);
    });
  }

  it('are measured of the SDK without its serializer as well, which counts the same batches and makes no bytes', async () => {
    const subject = createUnencodedSdkSubject();
    const [root] = DAPPER_OPERATIONS;
    assert.ok(root !== undefined);
    await runBatches(prepareOperations(root.with, subject), 3);
    assert.deepEqual([subject.batchesEncoded(), subject.lastBatch()], [3, undefined]);
  });

  it('are measured with and without, of every subject in every round', async () => {
    const { floor, operations } = await measureOperations(
      DAPPER_OPERATIONS.slice(0, 3),
      { rounds: 2, blockMs: 0.1, warmUpMs: 0.1 },
      { random: createRandom(3), progress: () => {}, signal: new AbortController().signal },
    );
    assert.equal(floor.length, 2);
    for (const { operation, rounds } of operations) {
      assert.equal(rounds.length, 2, operation.name);
      for (const round of rounds) {
        assert.deepEqual(Object.keys(round).sort(), ['control', 'lab', 'sdk', 'sdkUnencoded']);
        for (const sides of Object.values(round)) assert.ok(sides.with > 0 && sides.without > 0, operation.name);
      }
    }
  });
});

describe('a row', () => {
  it('is the difference of both sides for each of what the one has more, and its control the difference of the SDK from itself', () => {
    const operation = DAPPER_OPERATIONS.find(({ name }) => name === 'event-sampled');
    assert.ok(operation !== undefined);
    const costing = (ns: number): Sides => ({ with: 500 + ns * operation.count, without: 500 });
    const round = { lab: costing(30), sdk: costing(90), control: costing(95), sdkUnencoded: costing(50) };
    const floor = [{ with: 82, without: 2 }];
    const [row] = rowsOf({ floor, operations: [{ operation, rounds: [round, round, round] }] }, createRandom(1));
    assert.deepEqual(
      [row?.labNs, row?.sdkNs, row?.sdkUnencodedNs, row?.controlNs].map((interval) => interval?.estimate),
      [30, 90, 50, 5],
    );
    assert.deepEqual([row?.floorNs, row?.dapperNs], [40, 40]);
  });
});

async function batchOf(spanCase: SpanCase, subject: Subject): Promise<Span[]> {
  await runBatches(prepareOperations(spanCase, subject), 1);
  return spansOf(subject.lastBatch());
}
