import assert from 'node:assert/strict';
import { it } from 'node:test';
import { redactQuery, splitPath } from './redact-url.ts';

it('values of secret parameters are replaced, names and all else stay', () => {
  assert.equal(redactQuery('a=1&Token=x&b'), 'a=1&Token=REDACTED&b');
  assert.equal(
    redactQuery('pass%77ord=x&sig=y&X-Goog-Signature=z'),
    'pass%77ord=REDACTED&sig=REDACTED&X-Goog-Signature=REDACTED',
  );
  assert.equal(redactQuery('%zz=1&tokens=2'), '%zz=1&tokens=2');
});

it('a target is cut at the query, without its fragment', () => {
  assert.deepEqual(splitPath('/a?b=1#c'), { path: '/a', query: 'b=1' });
  assert.deepEqual(splitPath('/a#?b'), { path: '/a', query: '' });
  assert.deepEqual(splitPath('*'), { path: '*', query: '' });
});
