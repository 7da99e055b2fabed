import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { batchOf } from '../../fixtures/decided.ts';
import { spanIdFor } from '../../fixtures/make-trace.ts';
import { EvaluationError, parseCondition } from './parse-condition.ts';
import type { Subject } from './paths.ts';
import { OttlError } from './tokens.ts';
import { compare, COMPARISONS } from './value.ts';

const batch = batchOf([
  {
    spanId: spanIdFor(0),
    name: 'charge',
    service: 'bank',
    startMs: 0,
    endMs: 250,
    isError: true,
    attributes: { 'http.status_code': 503n, route: '/pay', isRetry: true },
  },
]);
const subject: Subject = { batch, row: 0 };

function holds(text: string): boolean {
  return parseCondition(text, 'span')(subject);
}

describe('parseCondition', () => {
  it('evaluates what contrib does: not before and before or, brackets, sums', () => {
    for (const [text, expected] of [
      ['true or false and false', true],
      ['(true or false) and false', false],
      ['not true or true', true],
      ['not (true or true)', false],
      ['1 + 2 - 4 == -1', true],
      ['(1 + 2) > 2.5', true],
      ['(end_time - start_time) >= Duration("250ms")', true],
      ['((end_time - start_time) > Duration("0.25s"))', false],
      ['attributes["http.status_code"] > 500 and attributes["http.status_code"] < 5.03e2', false],
      ['attributes["http.status_code"] > 500 and attributes["http.status_code"] <= 503.0', true],
      ['attributes["absent"] == nil', true],
      ['attributes["absent"] < 1', false],
      ['attributes["isRetry"]==true', true],
      ['resource.attributes["service.name"] == "bank"', true],
      ['span.status.code == STATUS_CODE_ERROR and kind == SPAN_KIND_SERVER', true],
      ['IsMatch(name, "(?i)^CH") == true', true],
      ['name == "char\\"ge"', false],
    ] as const)
      assert.equal(holds(text), expected, text);
  });

  it('refuses what is wrong or not built yet with its column', () => {
    for (const [text, column, message] of [
      ['name = "a"', 6, /"=" is not understood/],
      ['name ==', 8, /a value should be here: was the end/],
      ['name', 5, /one of == != < <= > >= should be here: was the end/],
      ['name == "a" and', 16, /a value should be here/],
      ['name == "a" kind', 13, /the end, "and" or "or" should be here: was "kind"/],
      ['(name == "a"', 13, /"\)" should be here/],
      ['name == "a" or (kind == 1 and events)', 31, /span\.events is not built yet: supported are span\.name/],
      ['IsRootSpan()', 1, /IsRootSpan is not built yet: supported are IsMatch, Duration/],
      ['IsMatch(name, "(")', 15, /should be a regular expression of RE2/],
      ['IsMatch(name, route)', 15, /a text in double quotes/],
      ['Duration("soon") == 1', 10, /a duration such as "500ms"/],
      ['attributes["a"]["b"] == 1', 16, /a second key is not built yet/],
      ['name == "\\d"', 9, /an escape that is not understood/],
    ] as const)
      assert.throws(
        () => parseCondition(text, 'span'),
        (error) => error instanceof OttlError && error.column === column && message.test(error.message),
        text,
      );
  });

  it('tells an error of evaluation from a "no"', () => {
    assert.throws(() => holds('attributes["route"] + 1 == 2'), EvaluationError);
    assert.throws(() => holds('attributes["absent"] - 1 == 2'), EvaluationError);
  });

  it('refuses any text whatever with a column, or reads it', () => {
    const word = fc.constantFrom(
      'name',
      'and',
      'or',
      'not',
      '(',
      ')',
      '==',
      '1',
      '"a"',
      'nil',
      '-',
      'IsMatch',
      ',',
      '[',
      '.',
      'attributes',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          try {
            parseCondition(text, 'span');
          } catch (error) {
            assert.ok(error instanceof OttlError, String(error));
            assert.ok(error.column >= 1 && error.column <= text.length + 1);
          }
        },
      ),
    );
  });
});

describe('compare', () => {
  it('orders values of one type as a whole: exactly one of <, ==, > holds, and NaN equals nothing', () => {
    const value = fc.oneof(fc.bigInt({ min: -9n, max: 9n }), fc.double(), fc.boolean(), fc.string());
    fc.assert(
      fc.property(value, value, (left, right) => {
        const [equal, unequal, less, lessOrEqual, greater, greaterOrEqual] = COMPARISONS.map((operator) =>
          compare(left, operator, right),
        );
        assert.equal(equal, !unequal);
        assert.ok([less, equal, greater].filter(Boolean).length <= 1);
        assert.deepEqual([lessOrEqual, greaterOrEqual], [less || equal, greater || equal]);
      }),
    );
  });
});
