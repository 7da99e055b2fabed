import assert from 'node:assert/strict';
import { it } from 'node:test';
import { backOffMs, parseRetryAfter } from './retry-delay.ts';

const NOW = Date.UTC(2026, 0, 1);

it('Retry-After is read as seconds or as a date; the past is now, nonsense is no answer, an hour is cut to five minutes', () => {
  assert.equal(parseRetryAfter('7', NOW), 7000);
  assert.equal(parseRetryAfter(' 0 ', NOW), 0);
  assert.equal(parseRetryAfter(new Date(NOW + 4000).toUTCString(), NOW), 4000);
  assert.equal(parseRetryAfter(new Date(NOW - 4000).toUTCString(), NOW), 0);
  for (const nonsense of [undefined, '', 'soon', 'NaN']) assert.equal(parseRetryAfter(nonsense, NOW), undefined);
  assert.equal(parseRetryAfter('3600', NOW), 300_000);
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
