/** Each case must make the spans that its name promises, of both tracers, or its ratio compares different things. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { context } from '@opentelemetry/api';
import { UsageError } from '@tracelab/command';
import { after } from 'node:test';
import { createLabSubject } from '../subject/lab-subject.ts';
import { createSdkSubject } from '../subject/sdk-subject.ts';
import { BATCH_SPANS } from '../subject/subject.ts';
import type { Subject } from '../subject/subject.ts';
import { spansOf } from '../subject/spans-of-batch.ts';
import { measureBlock } from './measure-block.ts';
import { lastKept, operationsPerBatch, prepareOperations, register, runBatches } from './run-operations.ts';
import { caseNamed, casesNamed, SPAN_CASES } from './span-cases.ts';

const SUBJECTS: readonly (() => Subject)[] = [createLabSubject, createSdkSubject];
const ATTRIBUTES = ['http.request.method', 'http.response.status_code', 'http.route', 'url.full'];
const REMOTE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

/** What a span of each case holds: the names of its attributes, its events, and whether it has a parent. */
const SHAPES: Readonly<Record<string, { attributes: readonly string[]; events: readonly string[]; isChild: boolean }>> =
  {
    root: { attributes: [], events: [], isChild: false },
    child: { attributes: [], events: [], isChild: true },
    'child-4-options': { attributes: ATTRIBUTES, events: [], isChild: true },
    'child-4-set': { attributes: ATTRIBUTES, events: [], isChild: true },
    'child-event': { attributes: ATTRIBUTES, events: ['looked up'], isChild: true },
    'inject-new': { attributes: ATTRIBUTES, events: [], isChild: true },
    'start-active-span': { attributes: ATTRIBUTES, events: [], isChild: true },
    request: { attributes: ATTRIBUTES, events: [], isChild: true },
  };

describe('the cases', () => {
  after(() => context.disable());

  it('say the shape of every case that makes spans', () => {
    const makingSpans = SPAN_CASES.filter(({ spansEncoded }) => spansEncoded > 0).map(({ name }) => name);
    assert.deepEqual(makingSpans.sort(), Object.keys(SHAPES).sort());
  });

  for (const create of SUBJECTS) {
    const { name: subjectName } = create();
    for (const spanCase of SPAN_CASES.filter(({ spansEncoded }) => spansEncoded > 0)) {
      it(`${spanCase.name} fills a batch of ${subjectName} with spans of its shape`, async () => {
        const subject = create();
        await runBatches(prepareOperations(spanCase, subject), 1);
        const spans = spansOf(subject.lastBatch());
        assert.equal(spans.length, BATCH_SPANS);
        const shape = SHAPES[spanCase.name];
        for (const span of spans) {
          assert.deepEqual(span.attributes.map(({ key }) => key).sort(), shape?.attributes);
          assert.deepEqual(
            span.events.map(({ name }) => name),
            shape?.events,
          );
          assert.equal(span.parentSpanId !== '', shape?.isChild);
          assert.ok(span.endTimeUnixNano >= span.startTimeUnixNano);
        }
        assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, BATCH_SPANS);
      });
    }

    it(`request of ${subjectName} continues the caller’s trace and hands its client span on`, async () => {
      const subject = create();
      await runBatches(prepareOperations(caseNamed('request'), subject), 1);
      const spans = spansOf(subject.lastBatch());
      const server = spans.find(({ parentSpanId }) => parentSpanId === REMOTE.spanId);
      assert.equal(server?.traceId, REMOTE.traceId);
      assert.equal(server?.kind, 2);
      assert.equal(spans.filter(({ kind }) => kind === 3).length, BATCH_SPANS / 2);
      const client = spans.find(({ spanId }) => traceparentOf(lastKept()).includes(spanId));
      assert.equal(client?.kind, 3);
    });

    it(`the unsampled cases of ${subjectName} export nothing, and the next batch is whole`, async () => {
      const subject = create();
      for (const name of ['unsampled-root', 'unsampled-child']) {
        await runBatches(prepareOperations(caseNamed(name), subject), 2);
        assert.equal(subject.batchesEncoded(), 0);
        const span = lastKept() as { isRecording: () => boolean; spanContext: () => { traceFlags: number } };
        assert.equal(span.isRecording(), false);
        assert.equal(span.spanContext().traceFlags & 1, 0);
      }
    });

    it(`inject and extract of ${subjectName} write and read traceparent`, async () => {
      const subject = create();
      await runBatches(prepareOperations(caseNamed('inject'), subject), 1);
      assert.match(traceparentOf(lastKept()), /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]$/);
      await runBatches(prepareOperations(caseNamed('extract'), subject), 1);
      const headers: Record<string, string> = {};
      subject.propagator.inject(lastKept() as never, headers, { set: (to, key, value) => void (to[key] = value) });
      assert.equal(headers['traceparent'], `00-${REMOTE.traceId}-${REMOTE.spanId}-01`);
    });
  }

  it('are chosen by name in the report’s order, and an unknown name is refused with the known ones', () => {
    assert.deepEqual(
      casesNamed(['inject,root', 'child']).map(({ name }) => name),
      ['root', 'child', 'inject'],
    );
    assert.equal(casesNamed([]).length, SPAN_CASES.length);
    assert.throws(
      () => casesNamed(['grandchild']),
      (error) => error instanceof UsageError && /root, child, .*"grandchild"/.test(error.message),
    );
  });
});

describe('a block', () => {
  it('counts for nothing where the tracer dropped spans', async () => {
    const honest = createLabSubject();
    const dropping: Subject = { ...honest, batchesEncoded: () => 0 };
    const operations = prepareOperations(caseNamed('child'), dropping);
    await assert.rejects(measureBlock(operations, 3), /child of lab: 0 batches became bytes: should be 3/);
  });

  it('ends with a full batch, whatever an operation makes', () => {
    for (const spanCase of SPAN_CASES) {
      const spans = operationsPerBatch(spanCase) * spanCase.spansEncoded;
      assert.ok(spans === 0 || spans === BATCH_SPANS, spanCase.name);
    }
  });

  it('runs under the context manager of its subject', () => {
    const [lab, sdk] = [createLabSubject(), createSdkSubject()];
    for (const subject of [lab, sdk, lab]) {
      register(subject);
      const inside = context.active().setValue(Symbol.for('test'), subject.name);
      context.with(inside, () => assert.equal(subject.contextManager.active(), inside));
    }
    context.disable();
  });
});

function traceparentOf(headers: unknown): string {
  return (headers as { traceparent: string }).traceparent;
}
