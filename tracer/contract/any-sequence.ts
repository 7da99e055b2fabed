import assert from 'node:assert/strict';
import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import * as fc from 'fast-check';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';

const { UNSET, OK, ERROR } = SpanStatusCode;

/** What a span has to be when it arrives: the rules of the other files, all at once and as simple as can be. */
class SpanModel {
  name = 'first';
  readonly attributes: Record<string, string> = {};
  readonly events: string[] = [];
  status: { code: SpanStatusCode; message: string } = { code: UNSET, message: '' };
  isEnded = false;

  setStatus(code: SpanStatusCode, message: string): void {
    if (this.status.code === OK || code === UNSET) return;
    this.status = { code, message: code === ERROR ? message : '' };
  }
}

/** One call of the application, on the span and, until its end, on the model. */
interface Call {
  onSpan: (span: Span) => unknown;
  onModel: (model: SpanModel) => unknown;
}

const text = fc.string({ unit: 'grapheme', maxLength: 5 });
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), text).map(([key, value]) => ({
    onSpan: (span: Span) => span.setAttribute(key, value),
    onModel: (model: SpanModel) => (model.attributes[key] = value),
  })),
  text.map((name) => ({
    onSpan: (span: Span) => span.updateName(name),
    onModel: (model: SpanModel) => (model.name = name),
  })),
  text.map((name) => ({
    onSpan: (span: Span) => span.addEvent(name),
    onModel: (model: SpanModel) => model.events.push(name),
  })),
  fc.tuple(fc.constantFrom(UNSET, OK, ERROR), text).map(([code, message]) => ({
    onSpan: (span: Span) => span.setStatus({ code, message }),
    onModel: (model: SpanModel) => model.setStatus(code, message),
  })),
  fc.constant({
    onSpan: (span: Span) => span.end(),
    onModel: (model: SpanModel) => (model.isEnded = true),
  }),
);

export const anySequence: Area = {
  title: 'any sequence of calls',
  behaviours: [
    behaviour('gives the span that the rules say, exactly once', async ({ tracer, span }) => {
      await fc.assert(
        fc.asyncProperty(fc.array(call, { maxLength: 20 }), async (calls) => {
          const model = new SpanModel();
          const started = tracer.startSpan(model.name);
          for (const { onSpan, onModel } of calls) {
            assert.equal(started.isRecording(), !model.isEnded);
            onSpan(started);
            if (!model.isEnded) onModel(model);
          }
          started.end();
          assertLike(await span(), model);
        }),
        { numRuns: 60 },
      );
    }),
  ],
};

function assertLike(received: ReceivedSpan, { name, attributes, events, status }: SpanModel): void {
  const arrived = {
    name: received.name,
    attributes: received.attributes,
    events: received.events.map((event) => event.name),
    status: received.status,
  };
  assert.deepEqual(arrived, { name, attributes, events, status });
  assert(received.endTimeUnixNano >= received.startTimeUnixNano);
}
