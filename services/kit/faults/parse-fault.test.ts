import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { FaultOrigin } from './parse-fault.ts';
import { parseFaultSpec } from './parse-fault.ts';

const ORIGIN: FaultOrigin = { id: 'slow', service: 'bank', nowUnixMs: 5000, random: () => 0.5 };
const SLOW = { service: 'bank', delay: { kind: 'fixed', ms: 870 } };

function errorOf(value: unknown, origin: Partial<FaultOrigin> = {}): string {
  const result = parseFaultSpec(value, { ...ORIGIN, ...origin });
  assert.ok(!result.ok, 'it should be refused');
  return result.error;
}

describe('parseFaultSpec', () => {
  it('decides everything that was left open', () => {
    assert.deepEqual(parseFaultSpec(SLOW, ORIGIN), {
      ok: true,
      value: {
        id: 'slow',
        service: 'bank',
        probability: 1,
        seed: 2_147_483_647,
        delay: { kind: 'fixed', ms: 870 },
        createdUnixMs: 5000,
      },
    });
  });

  it('turns a duration into an end', () => {
    const result = parseFaultSpec({ ...SLOW, durationMs: 250 }, ORIGIN);
    assert.equal(result.ok && result.value.expiresUnixMs, 5250);
  });

  it('takes a fault back as it gave it, and leaves its end where it was', () => {
    const spec = {
      ...SLOW,
      route: '/charge',
      method: 'POST',
      probability: 0.25,
      match: { baggage: 'tier', value: 'gold' },
      abort: { kind: 'status', status: 503 },
      durationMs: 1000,
    };
    const first = parseFaultSpec(spec, ORIGIN);
    assert.ok(first.ok);
    assert.deepEqual(parseFaultSpec(first.value, { ...ORIGIN, nowUnixMs: 5600, random: () => 0.9 }), first);
  });

  const refusals: readonly [string, unknown, RegExp][] = [
    ['a probability of 0', { ...SLOW, probability: 0 }, /^probability should be between 0\.01 and 1: was 0$/],
    ['a misspelt key', { ...SLOW, probablity: 1 }, /a fault has no "probablity": allowed are service, route/],
    ['another service', { ...SLOW, service: 'cache' }, /service should be "bank": was "cache"/],
    ['no effect', { service: 'bank' }, /a delay, an abort or both: has neither/],
    ['a delay of no kind', { service: 'bank', delay: { ms: 5 } }, /delay\.kind should be one of fixed, .*: was absent/],
    [
      'a negative delay',
      { service: 'bank', delay: { kind: 'fixed', ms: -1 } },
      /delay\.ms should be between 0 and 60000/,
    ],
    [
      'a uniform delay that ends before it begins',
      { service: 'bank', delay: { kind: 'uniform', minMs: 5, maxMs: 4 } },
      /delay\.maxMs should be between 5 and 60000: was 4/,
    ],
    [
      'a key of another kind of delay',
      { service: 'bank', delay: { kind: 'fixed', ms: 5, p99Ms: 6 } },
      /a fixed delay has no "p99Ms"/,
    ],
    [
      'a status that is no error',
      { service: 'bank', abort: { kind: 'status', status: 200 } },
      /from 400 to 599: was 200/,
    ],
    [
      'a reset with a status',
      { service: 'bank', abort: { kind: 'reset', status: 500 } },
      /a reset abort has no "status"/,
    ],
    ['a route without a slash', { ...SLOW, route: 'charge' }, /route should be a path such as \/charge/],
    ['a star in the middle', { ...SLOW, route: '/a*b' }, /with \* at its end at most/],
    ['a method in lower case', { ...SLOW, method: 'post' }, /method should be one of GET, .*: was "post"/],
    ['a header that no request can have', { ...SLOW, match: { header: 'é' } }, /match\.header should be .*: was "é"/],
    ['a match by nothing', { ...SLOW, match: { value: 'x' } }, /match\.baggage should be text/],
    ['an end in the past', { ...SLOW, expiresUnixMs: 4999 }, /expiresUnixMs should be between 5000/],
    ['a list', [], /a fault should be an object: was a list of 0/],
    ['nothing', undefined, /a fault should be an object: was absent/],
  ];
  for (const [what, value, message] of refusals) it(`refuses ${what}`, () => assert.match(errorOf(value), message));

  it('refuses an id that does not fit into a path', () => {
    assert.match(errorOf(SLOW, { id: 'a b' }), /the id of a fault should be 1 to 64 letters/);
    assert.match(errorOf({ ...SLOW, id: 'other' }), /id should be "slow": was "other"/);
  });

  it('never throws, whatever it is given', () => {
    const nearly = fc.record(
      {
        service: fc.constant('bank'),
        probability: fc.anything(),
        seed: fc.anything(),
        route: fc.anything(),
        match: fc.anything(),
        delay: fc.oneof(fc.anything(), fc.record({ kind: fc.constantFrom('fixed', 'normal'), ms: fc.anything() })),
        abort: fc.oneof(fc.anything(), fc.record({ kind: fc.constant('status'), status: fc.anything() })),
        durationMs: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), nearly), (value) => {
        const result = parseFaultSpec(value, ORIGIN);
        if (!result.ok) assert.notEqual(result.error, '');
      }),
    );
  });
});
