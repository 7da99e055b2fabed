/**
 * Checkouts at a constant arrival rate, each with a trace of its own that begins here, at the client: an open loop, so a
 * slow shop does not slow the load down. Run with k6 (1.0 or later, which strips the types itself):
 *
 *     k6 run -e RATE=20 -e DURATION=30s -e GATEWAY_URL=http://127.0.0.1:4600 loadtest/k6/checkout.ts
 *
 * Ends with 99 where a threshold fails: requests failed, or k6 could not start as many as the rate asks for.
 */
import { check } from 'k6';
import { get, post } from 'k6/http';
import type { Options } from 'k6/options';
import { skusOf } from '../target/catalogue.ts';
import { drawCheckout } from '../target/mix.ts';
import { checkoutOptions, readSettings } from './settings.ts';
import { createTraceparents } from './traceparents.ts';

const settings = readSettings(__ENV);
const traceparents = createTraceparents();

export const options: Options = checkoutOptions(settings);

export interface SetupData {
  skus: string[];
}

/** Once before the load: what the shop sells. */
export function setup(): SetupData {
  const reply = get(`${settings.gatewayUrl}/products`);
  if (reply.status !== 200)
    throw new Error(
      `GET ${settings.gatewayUrl}/products answered ${reply.status} ${reply.error}: is the lab running (npm start)?`,
    );
  return { skus: skusOf(reply.json()) };
}

/** One shopper. */
export default function checkOut(data: SetupData): void {
  const body = JSON.stringify(drawCheckout(data.skus, Math.random));
  const headers = { 'content-type': 'application/json', traceparent: traceparents.next() };
  const reply = post(`${settings.gatewayUrl}/checkout`, body, { headers });
  check(reply, { 'the order is placed': (answer) => answer.status === 200 });
}
