import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { LIMITS } from '../limits.ts';
import { arbitraryTracesData } from '../test-kit/arbitrary-trace.ts';
import {
  emptyEvent,
  emptyLink,
  emptyResource,
  emptyResourceSpans,
  emptyScope,
  emptyScopeSpans,
  emptySpan,
} from './empty.ts';
import { tracesDataFromJson } from './from-json.ts';
import { decodeTracesData } from './read-trace.ts';
import { tracesDataToJson } from './to-json.ts';
import type { AnyValue, Span, TracesData } from './trace.ts';
import { encodeTracesData } from './write-trace.ts';

/** One span with everything, in the forms that OTLP allows a sender: ids in upper case, numbers as text and not, unknown fields. */
const golden: unknown = JSON.parse(readFileSync(new URL('fixture/request.json', import.meta.url), 'utf8'));

const goldenSpan: Span = {
  ...emptySpan(),
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  parentSpanId: 'eee19b7ec3c1b173',
  name: 'POST /charge',
  kind: 2,
  startTimeUnixNano: 1_544_712_660_300_000_000n,
  // Sent as a JSON number, which over 2^53 loses its last digits before anybody can read them.
  endTimeUnixNano: 1_544_712_661_169_999_872n,
  attributes: [
    { key: 'flag', value: true },
    { key: 'big', value: 2n ** 63n - 1n },
    { key: 'ratio', value: 0.0625 },
    { key: 'nothing', value: Number.NaN },
    { key: 'raw', value: Uint8Array.of(1, 2, 255) },
    { key: 'empty', value: null },
    { key: 'codes', value: [1n, 'b'] },
    { key: 'card', value: { keyValues: [{ key: 'tier', value: 'gold' }] } },
  ],
  events: [{ ...emptyEvent(), timeUnixNano: 1_544_712_660_400_000_000n, name: 'retry' }],
  links: [{ ...emptyLink(), traceId: '5b8efff798038103d269b633813fc60d', spanId: 'eee19b7ec3c1b175', flags: 1 }],
  status: { code: 2, message: 'declined' },
  flags: 769,
};

const goldenData: TracesData = {
  resourceSpans: [
    {
      ...emptyResourceSpans(),
      resource: {
        ...emptyResource(),
        attributes: [
          { key: 'service.name', value: 'payments' },
          { key: 'process.pid', value: 4603n },
        ],
      },
      scopeSpans: [
        { ...emptyScopeSpans(), scope: { ...emptyScope(), name: 'lab', version: '1.0.0' }, spans: [goldenSpan] },
      ],
    },
  ],
};

function spanJson(fields: object): unknown {
  return { resourceSpans: [{ scopeSpans: [{ spans: [fields] }] }] };
}

function readSpan(fields: object): Span | string {
  const result = tracesDataFromJson(spanJson(fields));
  return result.ok ? (result.value.resourceSpans[0]?.scopeSpans[0]?.spans[0] ?? 'no span') : result.error;
}

function readValue(value: unknown): AnyValue | undefined {
  const span = readSpan({ attributes: [{ key: 'a', value }] });
  assert.ok(typeof span !== 'string', 'the value should be readable');
  return span.attributes[0]?.value;
}

function refusalOf(value: unknown): string {
  const result = tracesDataFromJson(spanJson({ attributes: [{ key: 'a', value }] }));
  return result.ok ? 'accepted' : result.error;
}

function throughText(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('tracesDataToJson and tracesDataFromJson', () => {
  it('give back exactly what was put in', () => {
    fc.assert(
      fc.property(arbitraryTracesData, (data) =>
        assert.deepEqual(tracesDataFromJson(throughText(tracesDataToJson(data))), { ok: true, value: data }),
      ),
    );
  });

  it('agree with protobuf: JSON to protobuf to JSON is stable', () => {
    fc.assert(
      fc.property(arbitraryTracesData, (data) => {
        const json = tracesDataToJson(data);
        const decoded = decodeTracesData(encodeTracesData(data));
        assert.deepEqual(decoded.ok && tracesDataToJson(decoded.value), json);
      }),
    );
  });

  it('read the golden request, whose forms are all that OTLP allows', () => {
    assert.deepEqual(tracesDataFromJson(golden), { ok: true, value: goldenData });
  });

  it('write ids in lower case, 64-bit integers as text, enums as numbers and no zero values', () => {
    const json = tracesDataToJson(goldenData).resourceSpans[0]?.scopeSpans[0]?.spans[0];
    assert.equal(json?.traceId, goldenSpan.traceId);
    assert.equal(json.endTimeUnixNano, '1544712661169999872');
    assert.equal(json.kind, 2);
    assert.deepEqual(json.attributes?.[1]?.value, { intValue: '9223372036854775807' });
    assert.deepEqual(json.attributes?.[3]?.value, { doubleValue: 'NaN' });
    assert.ok(!('traceState' in json) && !('droppedLinksCount' in json));
  });
});

describe('tracesDataFromJson', () => {
  it('reads an empty request', () => {
    for (const empty of [{}, { resourceSpans: [] }, { resourceSpans: null }]) {
      assert.deepEqual(tracesDataFromJson(empty), { ok: true, value: { resourceSpans: [] } });
    }
  });

  it('never throws, whatever the JSON is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        tracesDataFromJson(value);
        readSpan({ name: value });
        readSpan({ attributes: value });
        refusalOf(value);
      }),
    );
  });

  const values: [string, unknown, AnyValue][] = [
    ['doubles that JSON cannot say', { doubleValue: '-Infinity' }, -Infinity],
    ['whole numbers as double where the sender says so', { doubleValue: 3 }, 3],
    ['integers as number', { intValue: -5 }, -5n],
    ['the smallest integer', { intValue: '-9223372036854775808' }, -(2n ** 63n)],
    ['false', { boolValue: false }, false],
    ['empty text', { stringValue: '' }, ''],
    ['empty lists', { arrayValue: {} }, []],
    ['null as the empty value', { stringValue: null }, null],
    ['base64 of the URL alphabet', { bytesValue: '-_8' }, Uint8Array.of(0xfb, 0xff)],
  ];
  for (const [what, json, value] of values) it(`reads ${what}`, () => assert.deepEqual(readValue(json), value));

  const refused: [string, object, RegExp][] = [
    [
      'names of enums',
      { kind: 'SPAN_KIND_SERVER' },
      /^resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.kind should be the enum's number.*was "SPAN_KIND_SERVER"$/,
    ],
    ['text that is a number', { name: 5 }, /\.name should be text: was 5$/],
    ['a list that is an object', { attributes: {} }, /\.attributes should be a list: was an object$/],
    ['an item that is no object', { events: [7] }, /\.events\[0\] should be an object: was 7$/],
    [
      'times below 0',
      { startTimeUnixNano: '-1' },
      /should be a whole number from 0 to 18446744073709551615: was "-1"$/,
    ],
    ['times over 64 bits', { startTimeUnixNano: '18446744073709551616' }, /should be a whole number from 0/],
    ['times with a fraction', { endTimeUnixNano: 1.5 }, /should be a whole number, or one as text: was 1.5$/],
    ['times that are words', { endTimeUnixNano: 'now' }, /should be a whole number/],
    ['counts over 32 bits', { droppedLinksCount: 2 ** 32 }, /from 0 to 4294967295/],
    [
      'integers over 64 bits',
      { attributes: [{ key: 'a', value: { intValue: '9223372036854775808' } }] },
      /attributes\[0\]\.value\.intValue should be a whole number of 64 bits/,
    ],
    [
      'a value with two members',
      { attributes: [{ value: { intValue: 1, stringValue: 'x' } }] },
      /\.value\.intValue should be absent/,
    ],
    [
      'bytes that are no base64',
      { attributes: [{ value: { bytesValue: '!' } }] },
      /\.bytesValue should be base64: was "!"$/,
    ],
    ['text instead of a bool', { attributes: [{ value: { boolValue: 'true' } }] }, /should be true or false/],
    ['words instead of a double', { attributes: [{ value: { doubleValue: 'much' } }] }, /should be a number, "NaN"/],
  ];
  for (const [what, fields, reason] of refused) {
    it(`refuses ${what} and names the path`, () => {
      const result = readSpan(fields);
      assert.ok(typeof result === 'string');
      assert.match(result, reason);
    });
  }

  it('refuses a document that is no object', () => {
    for (const value of [null, [], 'x', 5]) assert.equal(tracesDataFromJson(value).ok, false);
  });

  it('keeps ids that are no hex, so that the span alone can be refused for them', () => {
    const span = readSpan({ traceId: 'W47/95gDgQPSabYzgT/GDA==', spanId: '' });
    assert.ok(typeof span !== 'string');
    assert.deepEqual([span.traceId, span.spanId], ['w47/95gdgqpsabyzgt/gda==', '']);
  });

  it('refuses values nested deeper than the bound', () => {
    const nested = (depth: number): unknown => {
      let value: unknown = { stringValue: 'core' };
      for (let level = 0; level < depth; level++) value = { arrayValue: { values: [value] } };
      return value;
    };
    assert.ok(Array.isArray(readValue(nested(LIMITS.anyValueDepthMax))));
    assert.match(refusalOf(nested(LIMITS.anyValueDepthMax + 1)), /nested at most 32 deep: was deeper$/);
    assert.match(refusalOf(nested(2000)), /nested at most 32 deep/);
  });

  it('refuses millions of empty spans before it builds any', () => {
    const spans = Array.from({ length: 500_001 }, () => null);
    const result = tracesDataFromJson({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    assert.ok(!result.ok && /spans should be shorter: the request has too many parts: was a list/.test(result.error));
  });

  it('shows at most 40 characters of what it refuses', () => {
    assert.match(refusalOf({ intValue: 'x'.repeat(1_000_000) }), /was "x{40}…"$/);
  });
});
