import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readClockOffset } from './clock-offset.ts';

it('an offset is whole milliseconds of at most an hour, ahead or behind', () => {
  for (const offsetMs of [0, 250, -250, 3_600_000, -3_600_000])
    assert.deepEqual(readClockOffset({ offsetMs }), { ok: true, value: { offsetMs } });
});

it('anything else is refused with what was got and what is allowed', () => {
  const refusals: readonly [unknown, RegExp][] = [
    [{ offsetMs: 3_600_001 }, /from -3600000 to 3600000: was 3600001/],
    [{ offsetMs: 0.5 }, /whole number .*was 0\.5/],
    [{ offsetMs: '250' }, /was "250"/],
    [{ offsetMs: Number.NaN }, /was null/],
    [{}, /was absent/],
    [{ offset: 1 }, /has no "offset": allowed is offsetMs/],
    [250, /should be an object/],
    [null, /should be an object/],
  ];
  for (const [given, refusal] of refusals) {
    const read = readClockOffset(given);
    assert.match(read.ok ? 'accepted' : read.error, refusal);
  }
});
