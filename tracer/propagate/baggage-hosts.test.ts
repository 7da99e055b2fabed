import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { ROOT_CONTEXT, context, propagation } from '@opentelemetry/api';
import { startTracing } from '../test-kit/tracing.ts';
import { createBaggageHosts } from './baggage-hosts.ts';

describe('the hosts that may have baggage', () => {
  const mayHave = createBaggageHosts(['Shop.example', '.internal', '127.0.0.1']);
  for (const [host, expected] of [
    ['shop.example', true],
    ['SHOP.EXAMPLE', true],
    ['a.shop.example', false],
    ['notshop.example', false],
    ['db.internal', true],
    ['internal', false],
    ['evil-internal', false],
    ['127.0.0.1', true],
    ['', false],
  ] as const) {
    it(`${expected ? 'are' : 'are not'} "${host}"`, () => assert.equal(mayHave?.(host), expected));
  }

  it('are all where none is named', () => assert.equal(createBaggageHosts([]), undefined));
});

/** What a server sees of one fetch and one node:http call, both under baggage, both by the name `localhost`. */
async function received(environment: Record<string, string>): Promise<IncomingHttpHeaders[]> {
  const tracing = await startTracing({ OTEL_TRACES_SAMPLER: 'always_off', ...environment });
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming.headers);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const baggage = propagation.createBaggage({ user: { value: '7' } });
  await context.with(propagation.setBaggage(ROOT_CONTEXT, baggage), async () => {
    await (await fetch(url)).text();
    await new Promise<void>((resolve, reject) => {
      const call = request(url, { agent: false }, (response) => response.resume().on('end', resolve));
      call.on('error', reject).end();
    });
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await tracing.close();
  return seen;
}

it('calls of fetch and node:http carry baggage to such hosts alone, and the trace to all', async () => {
  for (const [hosts, expected] of [
    ['', 'user=7'],
    ['127.0.0.1', 'user=7'],
    ['shop.example', undefined],
  ] as const) {
    const seen = await received({ TRACELAB_BAGGAGE_HOSTS: hosts });
    assert.equal(seen.length, 2);
    for (const headers of seen) {
      assert.equal(headers['baggage'], expected);
      assert.match(String(headers['traceparent']), /^00-/);
    }
  }
});
