import { Agent, request } from 'undici';
import { skusOf } from '../target/catalogue.ts';
import { drawCheckout } from '../target/mix.ts';
import type { Random } from '../target/random.ts';
import type { VisitOutcome } from './shopper.ts';

/** Longer than the slowest fault a class plays with; an unanswered visit holds one of the places in flight that long. */
const ANSWER_LIMIT_MS = 30_000;

/** A shopper at the gateway: looks at the products when they are not known, then checks out. Sends no traceparent: the gateway is the root and decides. */
export interface Visitor {
  visit: () => Promise<VisitOutcome>;
  close: () => Promise<void>;
}

export function createVisitor(gatewayUrl: string, random: Random): Visitor {
  const dispatcher = new Agent({ connections: 32, headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS });
  let skus: readonly string[] = [];

  const send = async (
    method: 'GET' | 'POST',
    path: string,
    body?: string,
  ): Promise<{ status: number; text: string }> => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const reply = await request(`${gatewayUrl}${path}`, {
      dispatcher,
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: reply.statusCode, text: await reply.body.text() };
  };

  const visit = async (): Promise<number> => {
    if (skus.length === 0) {
      const products = await send('GET', '/products');
      if (products.status !== 200) return products.status;
      skus = skusOf(JSON.parse(products.text));
    }
    const { status } = await send('POST', '/checkout', JSON.stringify(drawCheckout(skus, random)));
    // The shop no longer sells what we know: look again.
    if (status === 404) skus = [];
    return status;
  };

  return {
    visit: async () => {
      try {
        return { kind: 'answered', status: await visit() };
      } catch (error) {
        return outcomeOfFailure(error, gatewayUrl);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** Without a connection the shop is away; a connection that broke or stayed silent is an answer that a fault may well have meant. */
function outcomeOfFailure(error: unknown, gatewayUrl: string): VisitOutcome {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (BROKEN_ANSWER.has(code)) return { kind: 'answered', status: 0 };
  return { kind: 'away', reason: `${gatewayUrl}: ${code === '' ? String(error) : code}` };
}

const BROKEN_ANSWER: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'EPIPE',
]);
