import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { ClockAnchor } from '../clock/span-clock.ts';
import { AttributeBag } from '../span/attribute-bag.ts';
import type { StoredValue } from '../span/attribute-bag.ts';
import { SpanId } from '../span/span-id.ts';
import type { SpanRecord } from '../span/span-record.ts';
import { TraceId } from '../span/trace-id.ts';
import { arbitraryValue } from '../test-kit/arbitrary-record.ts';
import { expectedSpan, spansIn } from '../test-kit/expected-span.ts';
import { AttributeMemory } from './attribute-memory.ts';
import { encodeSpan } from './encode-span.ts';
import { OtlpBytes } from './otlp-bytes.ts';
import { ScopeBytes } from './scope-bytes.ts';

type Entry = readonly [key: string, value: StoredValue];

function bagOf(entries: readonly Entry[]): AttributeBag {
  const bag = new AttributeBag({ countMax: Infinity, valueLengthMax: Infinity });
  for (const [key, value] of entries) bag.set(key, value);
  return bag;
}

/** The same attributes on the span, on its event and on its link: each of the three has a memory of its own. */
function recordOf(entries: readonly Entry[]): SpanRecord {
  const [traceId, spanId] = [new TraceId(1, 2, 3, 4), new SpanId(5, 6)];
  const attributes = bagOf(entries);
  return {
    traceId,
    spanId,
    traceFlags: 3,
    traceState: undefined,
    parentSpanId: undefined,
    isParentRemote: false,
    name: 'span',
    kind: 0,
    anchor: new ClockAnchor(1n),
    startTime: 1,
    endTime: 2,
    attributes,
    events: { items: [{ time: 1, name: 'event', attributes }], droppedCount: 0 },
    links: {
      items: [{ traceId, spanId, traceState: '', traceFlags: 1, isRemote: false, attributes }],
      droppedCount: 0,
    },
    statusCode: 0,
    statusMessage: '',
  };
}

/** Writes spans one after the other with one memory, taking the bytes out now and then as a full batch does. */
function assertEachKept(spans: readonly (readonly Entry[])[], spansPerBatch: number): void {
  const bytes = new ScopeBytes({ name: 'test', version: '', schemaUrl: '' });
  for (let index = 0; index < spans.length; index += spansPerBatch) {
    const records = spans.slice(index, index + spansPerBatch).map(recordOf);
    bytes.length = 0;
    for (const record of records) encodeSpan(bytes, record);
    assert.deepEqual(spansIn(bytes), records.map(expectedSpan));
  }
}

const LOOK_ALIKES: StoredValue[] = ['1', 1, true, [1], ['1'], 'true', '', 'a', 'A', 0, -0, NaN, 'NaN', 1.5, '1.5', []];

describe('an attribute that is written from memory', () => {
  it('has its present value, however values repeat, change and look alike', () => {
    const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...LOOK_ALIKES) }, arbitraryValue);
    const entries = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), value), { maxLength: 3 });
    const spans = fc.array(entries, { maxLength: 60 });
    fc.assert(fc.property(spans, fc.integer({ min: 1, max: 7 }), assertEachKept), { numRuns: 150 });
  });

  it('has its present value after any number of changes in a row', () => {
    const run = fc.tuple(fc.constantFrom(...LOOK_ALIKES), fc.constantFrom(1, 2, 15, 16, 17, 18, 40));
    fc.assert(
      fc.property(fc.array(run, { maxLength: 5 }), (runs) => {
        const values = runs.flatMap(([value, count]) => Array<StoredValue>(count).fill(value));
        assertEachKept(
          values.map((value) => [['a', value]]),
          10,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('has its present value where there are more keys than are remembered', () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `key ${index}`);
    const spanOf = (value: StoredValue): Entry[] => keys.map((key) => [key, value]);
    assertEachKept(['x', 'x', 'y', 'x', 1, 1, '1'].map(spanOf), 2);
  });

  it('has its present value after any number of replacements', () => {
    const values = Array.from({ length: 700 }, (_, index) => `${Math.floor(index / 18)} ${'x'.repeat(90)}`);
    const spanOf = (value: string): Entry[] => ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, value]);
    assertEachKept(values.map(spanOf), 50);
  });

  it('has its present value where it is about as long as what is remembered', () => {
    const texts = [100, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129].map((length) =>
      'x'.repeat(length),
    );
    assertEachKept(
      texts.flatMap((text) => [[['a', text]], [['a', text]], [[text, 'a']], [[text, 'a']]] satisfies Entry[][]),
      3,
    );
  });
});

describe('the memory of attributes', () => {
  const TAG = 0x4a;
  const FIELD = Uint8Array.of(TAG, 2, 3);
  const LENGTH = FIELD.length;

  /** How many of the attributes are copied when the first of them is asked for. */
  function copiedOf(memory: AttributeMemory, ...entries: StoredValue[]): { count: number; bytes: number[] } {
    const bytes = new OtlpBytes(16);
    const behind = memory.copyKnown(bytes, entries, 0);
    return { count: behind / 2, bytes: [...bytes.written()] };
  }

  /** As the encoder does with each attribute that was not copied. */
  function learn(memory: AttributeMemory, key: string, value: StoredValue, field = FIELD): void {
    memory.copyKnown(new OtlpBytes(16), [key, value], 0);
    assert(memory.isWorthKeeping(key, value, field.length));
    memory.keep(key, value, field);
  }

  it('copies the field of the same value only', () => {
    const memory = new AttributeMemory(TAG);
    learn(memory, 'a', 1);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(copiedOf(memory, 'a', 1), { count: 1, bytes: [...FIELD] });
      for (const other of ['1', true, 2, [1]]) assert.deepEqual(copiedOf(memory, 'a', other), { count: 0, bytes: [] });
      assert.deepEqual(copiedOf(memory, 'b', 1), { count: 0, bytes: [] });
    }
  });

  it('copies in one piece what lies together, up to the first that differs', () => {
    const memory = new AttributeMemory(TAG);
    const bytes = new OtlpBytes(16);
    const abc = ['a', 1, 'b', 2, 'c', 3];
    for (let index = 0; index < abc.length; index += 2) {
      assert.equal(memory.copyKnown(bytes, abc, index), index);
      memory.keep(String(abc[index]), abc[index + 1] ?? '', Uint8Array.of(index, index + 1));
    }
    assert.deepEqual(copiedOf(memory, ...abc), { count: 3, bytes: [0, 1, 2, 3, 4, 5] });
    assert.deepEqual(copiedOf(memory, 'a', 1, 'b', 'other', 'c', 3), { count: 1, bytes: [0, 1] });
    assert.deepEqual(copiedOf(memory, 'b', 2, 'c', 3, 'a', 1), { count: 2, bytes: [2, 3, 4, 5] });
    assert.deepEqual(copiedOf(memory, 'a', 1, 'c', 3), { count: 1, bytes: [0, 1] }, 'b lies between them');
  });

  it('takes another value for a key when the old one was asked for in vain 16 times in a row', () => {
    const memory = new AttributeMemory(TAG);
    learn(memory, 'a', 'old');
    const isReplacedAfter = (misses: number): boolean => {
      for (let times = 0; times < misses; times++) copiedOf(memory, 'a', 'new');
      return memory.isWorthKeeping('a', 'new', LENGTH);
    };
    assert(!isReplacedAfter(15));
    assert.equal(copiedOf(memory, 'a', 'old').count, 1);
    assert(!isReplacedAfter(15));
    assert(isReplacedAfter(1));
    memory.keep('a', 'new', FIELD);
    assert.equal(copiedOf(memory, 'a', 'newer').count, 0);
    assert(!memory.isWorthKeeping('a', 'newer', LENGTH));
  });

  it('is bounded: 8 KiB of fields, each of up to 128 bytes, and no lists, which are compared by identity', () => {
    const memory = new AttributeMemory(TAG);
    assert.deepEqual(
      [memory.isWorthKeeping('a', 'x', 128), memory.isWorthKeeping('a', 'x', 129), memory.isWorthKeeping('a', [1], 3)],
      [true, false, false],
    );
    const field = new Uint8Array(128);
    for (let index = 0; index < 64; index++) learn(memory, `key ${index}`, 'x', field);
    assert(!memory.isWorthKeeping('one more', 'x', LENGTH));
    assert.equal(copiedOf(memory, 'key 63', 'x').count, 1);
  });

  it('forgets all where half of it is what was replaced, and learns anew', () => {
    const memory = new AttributeMemory(TAG);
    const field = new Uint8Array(128);
    learn(memory, 'constant', 1);
    const replace = (value: number): boolean => {
      for (let times = 0; times < 17; times++) copiedOf(memory, 'changing', value);
      const isKept = memory.isWorthKeeping('changing', value, field.length);
      if (isKept) memory.keep('changing', value, field);
      return isKept;
    };
    for (let value = 0; value < 63; value++) assert(replace(value));
    assert.equal(copiedOf(memory, 'constant', 1).count, 1);
    assert(replace(63));
    assert.deepEqual([copiedOf(memory, 'constant', 1).count, copiedOf(memory, 'changing', 63).count], [0, 1]);
    learn(memory, 'constant', 1);
    const both = ['changing', 63, 'constant', 1];
    assert.equal(copiedOf(memory, ...both).count, 1);
    assert.equal(memory.copyKnown(new OtlpBytes(16), both, 2), 4);
    assert.equal(copiedOf(memory, ...both).count, 2, 'what came behind it last time is expected behind it');
  });

  it('keeps no long text alive that a short one was cut out of', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heapBytes = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const memory = new AttributeMemory(TAG);
    const before = heapBytes();
    for (let index = 0; index < 100; index++) {
      const body = String(index).repeat(256 * 1024);
      memory.keep(`key ${index}`, body.slice(7, 47), FIELD);
    }
    assert(heapBytes() - before < 10 * 1024 * 1024);
    assert.equal(copiedOf(memory, 'key 99', '9'.repeat(40)).count, 1);
  });
});
