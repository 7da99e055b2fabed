import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultSpec } from '@tracelab/protocol';
import type { FaultTarget } from './match.ts';
import { isTargeted } from './match.ts';

const TARGET: FaultTarget = {
  method: 'GET',
  route: '/entries/:key',
  path: '/entries/price:mug',
  headers: { 'x-user': 'ada', baggage: 'tier=gold;secret,user=Ada%20L' },
};

function targets(fault: Partial<FaultSpec>): boolean {
  return isTargeted({ service: 'cache', ...fault }, TARGET);
}

describe('a fault', () => {
  it('without conditions targets every request', () => assert.ok(targets({})));

  it('by route takes the pattern, the path, or a beginning with a star', () => {
    for (const route of ['/entries/:key', '/entries/price:mug', '/entries/*', '/entr*', '*']) {
      assert.ok(targets({ route }), route);
    }
    for (const route of ['/entries', '/entries/price:tea', '/stock*']) assert.ok(!targets({ route }), route);
  });

  it('by method leaves other methods alone', () => {
    assert.ok(targets({ method: 'GET' }));
    assert.ok(!targets({ method: 'PUT' }));
  });

  it('by header wants it there, with the value where one is given', () => {
    assert.ok(targets({ match: { header: 'X-User' } }));
    assert.ok(targets({ match: { header: 'x-user', value: 'ada' } }));
    assert.ok(!targets({ match: { header: 'x-user', value: 'bob' } }));
    assert.ok(!targets({ match: { header: 'x-other' } }));
  });

  it('by baggage compares the decoded value of the member', () => {
    assert.ok(targets({ match: { baggage: 'tier' } }));
    assert.ok(targets({ match: { baggage: 'user', value: 'Ada L' } }));
    assert.ok(!targets({ match: { baggage: 'user', value: 'Ada%20L' } }));
    assert.ok(!targets({ match: { baggage: 'plan', value: 'gold' } }));
  });
});
