/** What is ours alone; what every tracer has to do is in ../contract. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { SpanKind } from '@opentelemetry/api';
import { SpanKind as OtlpKind } from '@tracelab/protocol';
import { only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

describe('a running tracer', () => {
  let tracing: Tracing;
  before(async () => (tracing = await startTracing()));
  afterEach(() => tracing.handle.switch.setSampler({ sampler: 'parentbased_always_on' }));
  after(() => tracing.close());
  const span = () => trace.getTracer('test').startSpan('span');

  it('says that it is not the official SDK, and for which process it speaks', async () => {
    span().end();
    const { resource } = only(await tracing.spans());
    assert.equal(resource['telemetry.sdk.name'], 'tracelab');
    assert.equal(resource['process.pid'], BigInt(process.pid));
  });

  it('changes its sampler between two spans, and counts what was created and sampled', async () => {
    const before = tracing.handle.switch.counts();
    tracing.handle.switch.setSampler({ sampler: 'always_off' });
    span().end();
    tracing.handle.switch.setSampler({ sampler: 'always_on' });
    span().end();
    const counts = tracing.handle.switch.counts();
    assert.equal(counts.spansCreated - before.spansCreated, 2);
    assert.equal(counts.spansSampled - before.spansSampled, 1);
    only(await tracing.spans());
  });

  it('refuses an unknown sampler, naming the allowed ones, and keeps the old one', () => {
    const unknown = { sampler: 'sometimes' } as unknown as Parameters<typeof tracing.handle.switch.setSampler>[0];
    assert.throws(() => tracing.handle.switch.setSampler(unknown), /always_on.*parentbased_traceidratio.*"sometimes"/);
    assert.throws(
      () => tracing.handle.switch.setSampler({ sampler: 'traceidratio', arg: 2 }),
      /between 0 and 1: was 2/,
    );
    assert.deepEqual(tracing.handle.switch.getSampler(), { sampler: 'parentbased_always_on' });
  });

  it('makes an internal span where the kind is no number of a kind', async () => {
    const odd = ['CLIENT', '2', 'toString', NaN, -1, 1.5, 5] as unknown as SpanKind[];
    for (const kind of odd) trace.getTracer('test').startSpan('span', { kind }).end();
    const kinds = (await tracing.spans()).map(({ kind }) => kind);
    assert.deepEqual(kinds, Array(odd.length).fill(OtlpKind.internal));
  });

  it('says what is wrong where startActiveSpan gets no function, and leaves no span behind', () => {
    const created = tracing.handle.switch.counts().spansCreated;
    const call = () => trace.getTracer('test').startActiveSpan('span', {} as unknown as () => void);
    assert.throws(call, /last argument should be a function: was object/);
    assert.equal(tracing.handle.switch.counts().spansCreated, created);
  });
});

describe('a tracer that copies baggage', () => {
  let tracing: Tracing;
  before(async () => (tracing = await startTracing({ TRACELAB_BAGGAGE_ATTRIBUTES: '*' })));
  after(() => tracing.close());

  it('makes one span, with its own attributes, where the baggage cannot be read', async () => {
    const { spansCreated } = tracing.handle.switch.counts();
    const unreadable = propagation.createBaggage({ user: { value: 7 as unknown as string } });
    const context = propagation.setBaggage(ROOT_CONTEXT, unreadable);
    trace
      .getTracer('test')
      .startSpan('span', { attributes: { own: true } }, context)
      .end();
    assert.deepEqual(only(await tracing.spans()).attributes, { own: true });
    assert.equal(tracing.handle.switch.counts().spansCreated, spansCreated + 1);
  });
});
