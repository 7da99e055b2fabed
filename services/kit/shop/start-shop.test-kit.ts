import type { ServiceName } from '@tracelab/protocol';
import { SERVICES } from '@tracelab/protocol';
import type { FastifyInstance } from 'fastify';
import { bank } from '../../bank/bank.ts';
import { cache } from '../../cache/cache.ts';
import { checkout } from '../../checkout/checkout.ts';
import { gateway } from '../../gateway/gateway.ts';
import { inventory } from '../../inventory/inventory.ts';
import { payments } from '../../payments/payments.ts';
import { pricing } from '../../pricing/pricing.ts';
import type { ServiceDefinition } from '../service.ts';
import { createService } from '../service.ts';

const DEFINITIONS: Readonly<Record<ServiceName, ServiceDefinition>> = {
  gateway,
  checkout,
  payments,
  inventory,
  pricing,
  cache,
  bank,
};

export interface Answer {
  status: number;
  body: unknown;
  text: string;
}

/** The whole shop in this process, on free ports of loopback; the clock of the faults belongs to the test. */
export interface TestShop {
  urlOf: (service: ServiceName) => string;
  send: (service: ServiceName, request: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  clock: { nowUnixMs: number };
  close: () => Promise<void>;
}

export async function startShop(): Promise<TestShop> {
  const clock = { nowUnixMs: 1_000_000 };
  const urls = new Map<ServiceName, string>();
  const urlOf = (service: ServiceName): string => urls.get(service) ?? `http://127.0.0.1:9/${service}-is-not-up`;
  const servers: FastifyInstance[] = [];
  // From the bank to the gateway: each finds its peers' addresses when it is made.
  for (const service of SERVICES.toReversed()) {
    const options = { controlToken: '', logLevel: 'silent', nowUnixMs: () => clock.nowUnixMs, random: () => 0.5 };
    const server = createService(DEFINITIONS[service], { ...options, urlOf });
    servers.push(server);
    urls.set(service, await server.listen({ host: '127.0.0.1', port: 0 }));
  }
  return {
    urlOf,
    clock,
    send: (service, request, body, headers) => sendTo(urlOf(service), request, body, headers),
    close: async () => {
      for (const server of servers) server.server.closeAllConnections();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

/** `request` is a method and a path: `POST /checkout`. A text is sent as it is, anything else as JSON. */
export async function sendTo(
  url: string,
  request: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, headers: { ...type, ...headers }, ...sent });
  const text = await response.text();
  return { status: response.status, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
