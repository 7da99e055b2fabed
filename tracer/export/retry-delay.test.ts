import assert from 'node:assert/strict';
import { it } from 'node:test';
import { backOffMs, parseRetryAfter, retryPauseMs } from './retry-delay.ts';

const NOW = Date.UTC(2026, 0, 1);

it('Retry-After is read as seconds or as a date; the past is now, nonsense is no answer', () => {
  assert.equal(parseRetryAfter('7', NOW), 7000);
  assert.equal(parseRetryAfter(' 0 ', NOW), 0);
  assert.equal(parseRetryAfter(new Date(NOW + 4000).toUTCString(), NOW), 4000);
  assert.equal(parseRetryAfter(new Date(NOW - 4000).toUTCString(), NOW), 0);
  for (const nonsense of [undefined, '', 'soon', 'NaN']) assert.equal(parseRetryAfter(nonsense, NOW), undefined);
});

it('pauses grow to five seconds and are spread around that by half', () => {
  assert.deepEqual(
    [1, 2, 3, 100].map((failures) => backOffMs(failures, () => 0.5)),
    [1000, 1500, 2250, 5000],
  );
  assert.equal(
    backOffMs(1, () => 0),
    500,
  );
  assert.equal(
    backOffMs(100, () => 0.999),
    7495,
  );
});

it('the server is obeyed, from half a second up to five minutes', () => {
  const random = (): number => 0;
  assert.deepEqual(
    [undefined, 0, 499, 7000, 3_600_000].map((askedMs) => retryPauseMs(askedMs, 3, random)),
    [1125, 500, 500, 7000, 300_000],
  );
});

it('the pauses of many processes are not in step', () => {
  const pauses = new Set(Array.from({ length: 100 }, () => retryPauseMs(undefined, 4, Math.random)));
  assert(pauses.size > 80);
  for (const pause of pauses) assert(pause >= 3375 / 2 && pause <= (3375 * 3) / 2);
});
