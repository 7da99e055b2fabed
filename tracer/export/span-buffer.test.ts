import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeTracesData } from '@tracelab/protocol';
import type { ScopeSpans } from '@tracelab/protocol';
import * as fc from 'fast-check';
import type { Scope, SpanRecord } from '../span/span-record.ts';
import { arbitraryRecord } from '../test-kit/arbitrary-record.ts';
import { expectedSpan } from '../test-kit/expected-span.ts';
import { SpanBuffer } from './span-buffer.ts';
import type { SpanBatch } from './span-buffer.ts';

const RESOURCE = { attributes: [{ key: 'service.name', value: 'größer' }], droppedAttributesCount: 0 };
const SCOPES: readonly Scope[] = [
  { name: '', version: '', schemaUrl: '' },
  { name: 'http', version: '1.0.0', schemaUrl: 'https://schemas.example/1' },
  { name: 'é'.repeat(70), version: '', schemaUrl: 'x'.repeat(130) },
];
const [ANY_SCOPE = { name: '', version: '', schemaUrl: '' }] = SCOPES;

function plainRecord(name = 'span'): SpanRecord {
  const [record] = fc.sample(arbitraryRecord, { numRuns: 1, seed: 1 });
  assert(record !== undefined);
  return { ...record, name };
}

function readBatch({ bytes }: SpanBatch): ScopeSpans[] {
  const data = decodeTracesData(bytes);
  assert(data.ok, data.ok ? '' : data.error);
  const [resourceSpans, ...others] = data.value.resourceSpans;
  assert.deepEqual([resourceSpans?.resource, others], [RESOURCE, []]);
  return resourceSpans?.scopeSpans ?? [];
}

/** What the batch has to hold: libraries in the order in which they were first heard of, without those that say nothing. */
function expectedScopes(batch: readonly Added[], known: readonly Scope[]): ScopeSpans[] {
  return known
    .map((scope) => ({
      scope: { name: scope.name, version: scope.version, attributes: [], droppedAttributesCount: 0 },
      spans: batch.filter((added) => added.scope === scope).map(({ record }) => expectedSpan(record)),
      schemaUrl: scope.schemaUrl,
    }))
    .filter(({ spans }) => spans.length > 0);
}

interface Added {
  scope: Scope;
  record: SpanRecord;
}

describe('a batch', () => {
  it('holds each span under its library, in batch after batch', () => {
    const added = fc.record({ scope: fc.constantFrom(...SCOPES), record: arbitraryRecord });
    const batches = fc.array(fc.array(added, { minLength: 1, maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(batches, (all) => {
        const buffer = new SpanBuffer(RESOURCE);
        const known = new Set<Scope>();
        const sealed = all.map((batch) => {
          for (const { scope, record } of batch) {
            buffer.add(scope, record);
            known.add(scope);
          }
          return { batch: buffer.seal(), expected: expectedScopes(batch, [...known]), count: batch.length };
        });
        // Read at the end: a batch waits to be sent while the next ones are written.
        for (const { batch, expected, count } of sealed) {
          assert.deepEqual([readBatch(batch), batch.spanCount], [expected, count]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('grows with its spans, and says how many there are and how long', () => {
    const buffer = new SpanBuffer(RESOURCE);
    const records = Array.from({ length: 400 }, (_, index) => plainRecord(`span ${index} ${'x'.repeat(index * 4)}`));
    for (const record of records) buffer.add(ANY_SCOPE, record);
    assert.equal(buffer.spanCount, 400);
    const { byteCount } = buffer;
    const batch = buffer.seal();
    assert.deepEqual(readBatch(batch)[0]?.spans, records.map(expectedSpan));
    const surroundings = batch.bytes.length - byteCount;
    assert(byteCount > 400_000 && surroundings > 0 && surroundings < 50, `${surroundings} bytes around the spans`);
    assert.deepEqual([buffer.spanCount, buffer.byteCount], [0, 0]);
  });

  it('takes no more memory than its bytes', () => {
    const buffer = new SpanBuffer(RESOURCE);
    for (const scope of SCOPES) buffer.add(scope, plainRecord());
    const { bytes } = buffer.seal();
    assert.equal(bytes.buffer.byteLength, bytes.length);
  });

  it('is written over what was released, and over nothing else', () => {
    const buffer = new SpanBuffer(RESOURCE);
    const seal = (name: string): SpanBatch => {
      buffer.add(ANY_SCOPE, plainRecord(name));
      return buffer.seal();
    };
    const nameIn = (batch: SpanBatch): string | undefined => readBatch(batch)[0]?.spans[0]?.name;
    const [first, second] = [seal('first'), seal('other')];
    first.release();
    const third = seal('third');
    assert.equal(third.bytes.buffer, first.bytes.buffer);
    const fourth = seal('longer than those before');
    assert.deepEqual(
      [second, third, fourth].map(nameIn),
      ['other', 'third', 'longer than those before'],
      'a released array is used once',
    );
  });

  it('that was released is not kept where it is of more than a megabyte', () => {
    const buffer = new SpanBuffer(RESOURCE);
    buffer.add(ANY_SCOPE, plainRecord('x'.repeat(1024 * 1024)));
    buffer.seal().release();
    buffer.add(ANY_SCOPE, plainRecord());
    const { bytes } = buffer.seal();
    assert.equal(bytes.buffer.byteLength, bytes.length);
  });

  it('is whole without the span that could not be written', () => {
    const buffer = new SpanBuffer(RESOURCE);
    const record = plainRecord();
    const serialize = (): string => {
      throw new Error('foreign code');
    };
    const traceState = { serialize } as unknown as NonNullable<SpanRecord['traceState']>;
    // Not even text: whatever goes wrong in the middle of a span.
    const name = Symbol('no text') as unknown as string;
    buffer.add(ANY_SCOPE, record);
    assert.throws(() => buffer.add(ANY_SCOPE, { ...record, traceState }), /foreign code/);
    assert.throws(() => buffer.add(ANY_SCOPE, { ...record, name }), TypeError);
    const { byteCount } = buffer;
    buffer.add(ANY_SCOPE, record);
    assert.equal(buffer.byteCount, byteCount * 2);
    const batch = buffer.seal();
    assert.equal(batch.spanCount, 2);
    assert.deepEqual(readBatch(batch)[0]?.spans, [expectedSpan(record), expectedSpan(record)]);
  });

  it('goes on after a span of more than a megabyte, and with more libraries than are kept', () => {
    const buffer = new SpanBuffer(RESOURCE);
    const scopes = Array.from({ length: 70 }, (_, index) => ({ name: `library ${index}`, version: '', schemaUrl: '' }));
    const long = plainRecord('x'.repeat(1024 * 1024 + 1));
    for (const record of [long, plainRecord()]) {
      for (const scope of scopes) buffer.add(scope, scope === scopes[3] ? record : plainRecord());
      const read = readBatch(buffer.seal());
      assert.deepEqual(
        read.map(({ scope }) => scope.name),
        scopes.map(({ name }) => name),
      );
      assert.deepEqual(read[3]?.spans, [expectedSpan(record)]);
    }
    buffer.add(ANY_SCOPE, long);
    assert.equal(readBatch(buffer.seal()).length, 1);
    buffer.add(ANY_SCOPE, plainRecord());
    assert.deepEqual(readBatch(buffer.seal())[0]?.spans, [expectedSpan(plainRecord())]);
  });
});
