import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SERVICES } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { assignServiceColours, SERVICE_COLOURS } from './service-colour.ts';

describe('the colours of services', () => {
  it('are all different while there are no more services than colours', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: SERVICE_COLOURS }), (services) => {
        assert.equal(new Set(assignServiceColours(services).values()).size, services.length);
      }),
    );
  });

  it('do not depend on the order in which the services appear', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 40 }), (services) => {
        const colours = assignServiceColours(services);
        assert.equal(colours.size, services.length);
        assert.deepEqual(assignServiceColours(services.toReversed()), colours);
      }),
    );
  });

  it('give each service of the shop the hue it also has alone, so that lists and traces agree', () => {
    const together = assignServiceColours(SERVICES);
    for (const service of SERVICES)
      assert.equal(together.get(service), assignServiceColours([service]).get(service), service);
    const hues = new Set([...together.values()].map((slot) => slot % (SERVICE_COLOURS / 2)));
    assert.equal(hues.size, SERVICES.length);
  });
});
