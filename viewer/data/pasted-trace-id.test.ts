import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { traceIdIn } from './pasted-trace-id.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('traceIdIn', () => {
  const pasted = [
    ID,
    `  ${ID.toUpperCase()}\n`,
    `00-${ID}-00f067aa0ba902b7-01`,
    `http://127.0.0.1:16686/trace/${ID}?span=00f067aa0ba902b7`,
    `{"level":30,"trace_id":"${ID}","msg":"charged"}`,
  ];
  for (const text of pasted) it(`finds it in ${JSON.stringify(text)}`, () => assert.equal(traceIdIn(text), ID));

  const others = ['', 'nonsense', ID.slice(1), `${ID}0`, '0'.repeat(32), '00f067aa0ba902b7'];
  for (const text of others) it(`finds none in "${text}"`, () => assert.equal(traceIdIn(text), undefined));
});
