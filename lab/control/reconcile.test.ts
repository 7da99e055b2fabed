/**
 * Goal: whatever happens to a service and whatever is asked meanwhile, once it answers it holds exactly the wanted faults.
 * Method: random sequences of requests, restarts and absences against a model that is a map of id to seed.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { SERVICES } from '@tracelab/protocol';
import type { ServiceName } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { createControl } from './create-control.ts';
import { startFakeService } from './fake-service.test-kit.ts';
import { createPlane } from './plane.ts';

type Step =
  | { do: 'put'; id: string; seed: number }
  | { do: 'delete'; id: string }
  | { do: 'clear' | 'restart' | 'leave' | 'return' | 'refresh' };

const ids = fc.constantFrom('a', 'b', 'c');
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('put' as const), id: ids, seed: fc.nat(5) }),
  fc.record({ do: fc.constant('delete' as const), id: ids }),
  fc.record({
    do: fc.constantFrom('clear' as const, 'restart' as const, 'leave' as const, 'return' as const, 'refresh' as const),
  }),
);

describe('a service and its wanted faults', async () => {
  const bank = await startFakeService('bank');
  after(() => bank.close());

  function freshControl() {
    const serviceUrls = Object.fromEntries(
      SERVICES.map((service) => [service, service === 'bank' ? bank.url : 'http://127.0.0.1:1']),
    ) as Record<ServiceName, string>;
    const clock = { nowUnixMs: Date.now, randomSeed: () => 42 };
    const plane = createPlane({
      serviceUrls,
      loadUrl: undefined,
      token: '',
      clock,
      report: () => {},
      supervised: undefined,
    });
    return { plane, control: createControl(plane, { logLevel: 'silent' }) };
  }

  it('agree in the end, after any sequence of requests, restarts and absences', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 25 }), async (sequence) => {
        bank.restart();
        const { plane, control } = freshControl();
        await plane.nudge('bank');
        const model = new Map<string, number>();
        let isAway = false;
        const play: Record<Step['do'], (step: Step) => Promise<unknown>> = {
          put: async (step) => {
            if (step.do !== 'put') return;
            model.set(step.id, step.seed);
            const payload = { service: 'bank', seed: step.seed, abort: { kind: 'reset' } };
            const reply = await control.inject({ method: 'PUT', url: `/_lab/faults/${step.id}`, payload });
            assert.equal(reply.statusCode, isAway ? 202 : 200);
          },
          delete: async (step) => {
            if (step.do !== 'delete') return;
            const reply = await control.inject({ method: 'DELETE', url: `/_lab/faults/${step.id}` });
            assert.equal(reply.statusCode, model.delete(step.id) ? 200 : 404);
          },
          clear: () => {
            model.clear();
            return control.inject({ method: 'DELETE', url: '/_lab/faults' });
          },
          restart: async () => bank.restart(),
          leave: async () => {
            if (!isAway) await bank.goAway();
            isAway = true;
          },
          return: async () => {
            if (isAway) await bank.comeBack();
            isAway = false;
          },
          refresh: () => plane.nudge('bank'),
        };
        for (const step of sequence) await play[step.do](step);
        await play.return({ do: 'return' });
        await plane.nudge('bank');
        assert.deepEqual(new Map(bank.faults.map((fault) => [fault.id, fault.seed])), model);
        await control.close();
      }),
      { numRuns: 40 },
    );
  });
});
