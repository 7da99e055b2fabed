import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

describe('a duration on the command line', () => {
  it('is read in every unit', () => {
    const cases: [string, number][] = [
      ['870ms', 870],
      ['1.5s', 1_500],
      ['2m', 120_000],
      ['1h', 3_600_000],
      ['0ms', 0],
      ['2.3s', 2_300],
    ];
    for (const [text, ms] of cases) assert.deepEqual(parseDuration(text), { ok: true, value: ms }, text);
  });

  it('is refused without a unit, negative, or with another unit, and the refusal says what is allowed', () => {
    for (const text of ['870', '', '-1s', '1 s', '1d', 'ms', '1e3ms', '9999999999h']) {
      const result = parseDuration(text);
      assert.equal(result.ok, false, text);
      assert.match(result.ok ? '' : result.error, /870ms or 1\.5s: was "/);
    }
  });

  it('is read back as the same number after it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (us) => {
        const ms = us / 1_000;
        assert.deepEqual(parseDuration(formatDuration(ms)), { ok: true, value: ms });
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseDuration(text).ok === 'boolean'));
  });
});
