import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { arbitraryId } from '../test-kit/arbitrary-trace.ts';
import { formatTraceparent, parseTraceparent, TRACE_FLAG_RANDOM, TRACE_FLAG_SAMPLED } from './traceparent.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const IDS = `${TRACE_ID}-${SPAN_ID}`;
const VALID = `00-${IDS}-01`;

const arbitraryParent = fc.record(
  { traceId: arbitraryId(16), spanId: arbitraryId(8), flags: fc.nat(3) },
  { noNullPrototype: true },
);

/** The specification as one regular expression, without regard to cost: version 00 ends behind its 55 characters. */
const HEADER =
  /^(?:00(?=.{53}$)|(?!00|ff)[0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/s;

function slowlyParsed(header: string): ReturnType<typeof parseTraceparent> {
  const [, traceId, spanId = '', flags = ''] = HEADER.exec(header.replace(/^[ \t]+|[ \t]+$/g, '')) ?? [];
  return traceId === undefined ? undefined : { traceId, spanId, flags: Number.parseInt(flags, 16) & 3 };
}

describe('parseTraceparent', () => {
  it('reads any text as the specification says, most of all what is nearly a header', () => {
    const hex = (digits: number) => fc.constantFrom('0'.repeat(digits), 'f'.repeat(digits), '1'.padStart(digits, '0'));
    const version = fc.constantFrom('00', '01', 'fe', 'ff', '0F');
    const rest = fc.constantFrom('', '-', '-00', '.', ' ', '-\n');
    const header = fc
      .tuple(version, fc.oneof(arbitraryId(16), hex(32)), fc.oneof(arbitraryId(8), hex(16)), hex(2), rest)
      .map(([first, traceId, spanId, flags, last]) => `${first}-${traceId}-${spanId}-${flags}${last}`);
    const character = fc.oneof(
      fc.constantFrom('0', 'a', 'A', 'f', 'g', 'G', '-', '/', ':', '@', '`', '.', ' ', '\t', '\n', '\u0130'),
      fc.string({ maxLength: 2 }),
    );
    const edited = fc
      .tuple(header, fc.nat(60), fc.nat(2), character)
      .map(([text, at, removed, put]) => text.slice(0, at) + put + text.slice(at + removed));
    const any = fc.oneof(header, edited, edited, fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(any, (text) => assert.deepEqual(parseTraceparent(text), slowlyParsed(text))),
      { numRuns: 3000 },
    );
  });

  it('reads what formatTraceparent writes', () => {
    fc.assert(
      fc.property(arbitraryParent, (parent) => assert.deepEqual(parseTraceparent(formatTraceparent(parent)), parent)),
    );
  });

  it('takes a header with one character changed for another context, or refuses it', () => {
    const change = fc.tuple(
      arbitraryParent,
      fc.nat(54),
      fc.nat(0x17f).map((code) => String.fromCharCode(code)),
    );
    fc.assert(
      fc.property(change, ([parent, at, character]) => {
        const header = formatTraceparent(parent);
        fc.pre(header[at] !== character);
        const changed = parseTraceparent(header.slice(0, at) + character + header.slice(at + 1));
        // The version and the reserved flags are not part of the context.
        if (at > 2 && at < 53) assert.notDeepEqual(changed, parent);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws, whatever the header is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => void parseTraceparent(text)));
  });

  const accepted: [string, string, number][] = [
    ['blanks and tabs around it', ` \t${VALID}\t `, 1],
    ['reserved flags, which it clears', `00-${IDS}-ff`, TRACE_FLAG_SAMPLED | TRACE_FLAG_RANDOM],
    ['a higher version of the same length', `01-${IDS}-02`, TRACE_FLAG_RANDOM],
    ['a higher version that goes on behind a dash', `cc-${IDS}-01-what-the-future-holds`, 1],
    ['a higher version that ends in a dash', `cc-${IDS}-00-`, 0],
  ];
  for (const [what, header, flags] of accepted) {
    it(`accepts ${what}`, () =>
      assert.deepEqual(parseTraceparent(header), { traceId: TRACE_ID, spanId: SPAN_ID, flags }));
  }

  const refused: [string, string][] = [
    ['nothing', ''],
    ['upper-case digits', VALID.toUpperCase()],
    ['a zero trace id', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['a zero parent id', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['a trace id that is too short', `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ['a trace id that is too long', `00-0${TRACE_ID}-${SPAN_ID}-01`],
    ['a parent id that is too short', `00-${TRACE_ID}-${SPAN_ID.slice(1)}-01`],
    ['flags that are too short', `00-${IDS}-1`],
    ['flags that are not hex', `00-${IDS}-0g`],
    ['version ff', `ff-${IDS}-01`],
    ['a version that is not hex', `0.-${IDS}-01`],
    ['version 00 with a dash at the end', `${VALID}-`],
    ['version 00 that goes on', `${VALID}-more`],
    ['a higher version that goes on without a dash', `cc-${IDS}-01.more`],
    ['two headers, joined by the server', `${VALID}, ${VALID}`],
    ['two headers of a higher version', `cc-${IDS}-01, cc-${IDS}-01`],
    ['dots in the place of dashes', VALID.replaceAll('-', '.')],
    ['white space that is neither blank nor tab', `\u00a0${VALID}`],
    ['more than 512 characters', `cc-${IDS}-01-${'x'.repeat(500)}`],
  ];
  for (const [what, header] of refused) {
    it(`refuses ${what}`, () => assert.equal(parseTraceparent(header), undefined));
  }
});

describe('formatTraceparent', () => {
  it('clears flags that it does not know', () => {
    assert.equal(formatTraceparent({ traceId: TRACE_ID, spanId: SPAN_ID, flags: 0xff }), `00-${IDS}-03`);
  });

  it('carries trace id and random flag through any chain of hops', () => {
    fc.assert(
      fc.property(arbitraryParent, fc.array(arbitraryId(8), { maxLength: 8 }), (first, hops) => {
        let header = formatTraceparent(first);
        for (const spanId of hops) {
          const parent = parseTraceparent(header);
          assert.ok(parent);
          header = formatTraceparent({ ...parent, spanId });
        }
        const last = parseTraceparent(header);
        assert.deepEqual([last?.traceId, last?.flags], [first.traceId, first.flags]);
      }),
    );
  });
});
