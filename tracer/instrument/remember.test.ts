import assert from 'node:assert/strict';
import { it } from 'node:test';
import { remember } from './remember.ts';

it('computes once for a text, and stays within its bound when every text is new', () => {
  const asked: string[] = [];
  const length = remember((text) => {
    asked.push(text);
    return text.length;
  });
  assert.deepEqual([length('abc'), length('abc')], [3, 3]);
  assert.deepEqual(asked, ['abc']);
  for (let index = 0; index < 1000; index++) length(`text ${index}`);
  asked.length = 0;
  assert.deepEqual([length('abc'), length('text 999')], [3, 8]);
  assert.deepEqual(asked, ['text 999'], 'what came after the bound is computed each time');
});

it('a long text is not kept', () => {
  let count = 0;
  const counted = remember(() => ++count);
  const long = 'x'.repeat(5000);
  assert.notEqual(counted(long), counted(long));
});
