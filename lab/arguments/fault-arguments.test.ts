import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultFromArguments } from './fault-arguments.ts';
import type { FaultArguments } from './fault-arguments.ts';

const NOTHING: FaultArguments = {
  service: 'bank',
  id: '',
  route: '',
  method: '',
  delay: '',
  status: '',
  reset: false,
  probability: '',
  seed: '',
  for: '',
  header: '',
  baggage: '',
};

describe('lab fault add', () => {
  it('turns the short form of the course into a fault', () => {
    assert.deepEqual(faultFromArguments({ ...NOTHING, route: '/charge', delay: '870ms' }), {
      ok: true,
      value: {
        id: 'bank-charge-delay',
        spec: { service: 'bank', route: '/charge', delay: { kind: 'fixed', ms: 870 } },
      },
    });
  });

  it('carries every option', () => {
    const given = {
      ...NOTHING,
      id: 'mine',
      method: 'post',
      status: '503',
      probability: '0.1',
      seed: '7',
      for: '30s',
      baggage: 'tier=gold',
    };
    assert.deepEqual(faultFromArguments(given), {
      ok: true,
      value: {
        id: 'mine',
        spec: {
          service: 'bank',
          method: 'POST',
          abort: { kind: 'status', status: 503 },
          match: { baggage: 'tier', value: 'gold' },
          probability: 0.1,
          seed: 7,
          durationMs: 30_000,
        },
      },
    });
  });

  it('matches any value where only the name of a header is given', () => {
    const result = faultFromArguments({ ...NOTHING, reset: true, header: 'x-canary' });
    assert.deepEqual(result.ok && result.value.spec.match, { header: 'x-canary' });
    assert.equal(result.ok && result.value.id, 'bank-error');
  });

  it('refuses, and says what is allowed', () => {
    const cases: [Partial<FaultArguments>, RegExp][] = [
      [{ service: 'shop', delay: '1s' }, /one of gateway, .*bank: was "shop"/],
      [{}, /--delay 870ms, --status 503 or --reset/],
      [{ delay: '870' }, /was "870"/],
      [{ status: 'teapot' }, /503: was "teapot"/],
      [{ status: '503', reset: true }, /give one of them/],
      [{ delay: '1s', header: 'a', baggage: 'b' }, /give one of --header and --baggage/],
      [{ delay: '1s', probability: 'often' }, /--probability should be a number: was "often"/],
      [{ delay: '1s', for: 'ever' }, /--for: a duration/],
    ];
    for (const [given, message] of cases) {
      const result = faultFromArguments({ ...NOTHING, ...given });
      assert.match(result.ok ? 'accepted' : result.error, message);
    }
  });
});
