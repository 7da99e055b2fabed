import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@tracelab/command';
import { readFaultSpec } from './read-fault-spec.ts';

const BANK = { service: 'bank' };

describe('a fault as the control takes it', () => {
  it('passes whatever has the shape of one: ranges and names are its service’s to judge', () => {
    for (const spec of [
      { ...BANK, delay: { kind: 'fixed', ms: -1 }, probability: 7, extra: true },
      { ...BANK, abort: { kind: 'reset' }, delay: { kind: 'normal', meanMs: 1, stdDevMs: 2 }, match: { header: 'x' } },
      BANK,
    ])
      assert.equal(readFaultSpec(spec), spec);
  });

  it('refuses what could not even be shown, saying what was got and what is allowed', () => {
    for (const [body, message] of [
      [undefined, /service should be one of gateway, .*: was absent/],
      [[], /service should be one of/],
      [{ service: '__proto__' }, /was "__proto__"/],
      [{ ...BANK, probability: 'x' }, /probability should be a number: was "x"/],
      [{ ...BANK, durationMs: 'soon' }, /durationMs should be a number: was "soon"/],
      [{ ...BANK, route: 5 }, /route should be text: was 5/],
      [{ ...BANK, match: null }, /match should be an object: was null/],
      [{ ...BANK, delay: 5 }, /delay\.kind should be one of fixed, uniform, normal, lognormal: was absent/],
      [{ ...BANK, delay: { kind: 'constructor' } }, /delay\.kind should be one of .*: was "constructor"/],
      [{ ...BANK, delay: { kind: 'uniform', minMs: 1 } }, /delay\.maxMs should be a number: was absent/],
      [{ ...BANK, abort: null }, /abort\.kind should be one of status, reset: was absent/],
      [{ ...BANK, abort: { kind: 'status' } }, /abort\.status should be a number: was absent/],
    ] as const)
      assert.throws(
        () => readFaultSpec(body),
        (error) => error instanceof ApiError && error.code === 'bad_request' && message.test(error.message),
        JSON.stringify(body),
      );
  });

  it('shows at most a hundred characters of what it refuses', () => {
    assert.throws(
      () => readFaultSpec({ service: 'x'.repeat(200_000) }),
      (error) => error instanceof ApiError && error.message.length < 300,
    );
  });
});
