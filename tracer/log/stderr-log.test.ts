import assert from 'node:assert/strict';
import { it } from 'node:test';
import { warnRarely } from './stderr-log.ts';

it('a trouble that lasts is told ever more rarely, at last every ten minutes, and a new one at once', () => {
  let nowS = 0;
  const told: string[] = [];
  const warn = warnRarely(
    (sentence) => told.push(`${nowS} s: ${sentence}`),
    () => nowS * 1000,
    10_000,
  );
  for (; nowS < 3600; nowS += 30) warn('gone');
  assert.deepEqual(
    told.map((line) => Number.parseInt(line, 10)),
    [0, 30, 60, 120, 210, 390, 720, 1320, 1920, 2520, 3120],
  );
  assert.deepEqual(told.slice(1, 4), ['30 s: gone', '60 s: gone', '120 s: gone (1 more warnings since the last one)']);
  nowS += 600;
  warn('gone again');
  warn('and again');
  assert.deepEqual(told.slice(11), [`${nowS} s: gone again (15 more warnings since the last one)`]);
});
