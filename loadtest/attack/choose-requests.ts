import { createTraceparents } from '../k6/script/traceparents.ts';
import { requestJson } from '../request-json.ts';
import { skusOf } from '../target/catalogue.ts';
import { drawCheckout } from '../target/mix.ts';
import type { Random } from '../target/random.ts';
import type { TargetRequest } from './http-target.ts';

/** What a load asks for, one request after the other. */
export type NextRequest = () => TargetRequest;

/** The shop's mix: checkouts of carts drawn as shoppers draw them. Throws a NotHeldError where the gateway does not say what it sells. */
export async function chooseCheckouts(gatewayUrl: string, random: Random): Promise<NextRequest> {
  const skus = skusOf(await requestJson('GET', `${gatewayUrl}/products`));
  const headers = { 'content-type': 'application/json' };
  return () => ({ method: 'POST', path: '/checkout', headers, body: JSON.stringify(drawCheckout(skus, random)) });
}

/** The same address over and over. */
export function chooseOne(url: URL): NextRequest {
  const request: TargetRequest = { method: 'GET', path: `${url.pathname}${url.search}` };
  return () => request;
}

/** Each request begins a trace of its own at this client, who samples this share of them. */
export function withTraceparents(next: NextRequest, sampledShare: number, random: Random): NextRequest {
  const traceparents = createTraceparents(sampledShare, random);
  return () => {
    const request = next();
    return { ...request, headers: { ...request.headers, traceparent: traceparents.next() } };
  };
}
