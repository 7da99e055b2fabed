import assert from 'node:assert/strict';
import { it } from 'node:test';
import { redactQuery, redactUrl, splitAuthority, splitPath } from './redact-url.ts';

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

it('a target that is a whole URL gives its path alone', () => {
  assert.deepEqual(splitPath('http://me:secret@shop.example/a?sig=x'), { path: '/a', query: 'sig=REDACTED' });
  assert.deepEqual(splitPath('HTTPS://shop.example'), { path: '/', query: '' });
  assert.deepEqual(splitPath('/redirect/http://me@shop.example'), {
    path: '/redirect/http://me@shop.example',
    query: '',
  });
});

it('a whole URL keeps neither credentials nor secret parameters', () => {
  assert.equal(
    redactUrl('https://me:se@cret@shop.example:8443/a@b?token=x&q=1#part'),
    'https://REDACTED:REDACTED@shop.example:8443/a@b?token=REDACTED&q=1',
  );
  assert.equal(redactUrl('http://shop.example/user@home'), 'http://shop.example/user@home');
});

it('an authority is cut into address and port', () => {
  assert.deepEqual(splitAuthority('shop.example:8080'), { address: 'shop.example', port: 8080 });
  assert.deepEqual(splitAuthority('[::1]:80'), { address: '::1', port: 80 });
  assert.deepEqual(splitAuthority('[::1]'), { address: '::1', port: undefined });
  assert.deepEqual(splitAuthority('shop.example'), { address: 'shop.example', port: undefined });
});
