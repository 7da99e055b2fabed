import { createHttpServer } from '@tracelab/command';
import { Pool } from 'undici';
import { constantArrival } from '../pace/pacer.ts';
import { createAlarm } from './alarm.ts';
import { monotonicMs } from './monotonic-clock.ts';
import { runOpenLoop } from './open-loop.ts';

type HttpServer = ReturnType<typeof createHttpServer>;

/** `GET /` of the target, so many a second, so many in all. */
export interface OpenLoopRequest {
  url: string;
  requestsPerSecond: number;
  requests: number;
  settleRequests: number;
}

const BODY_SCHEMA = {
  type: 'object',
  required: ['url', 'requestsPerSecond', 'requests', 'settleRequests'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', format: 'uri' },
    requestsPerSecond: { type: 'number', exclusiveMinimum: 0, maximum: 100_000 },
    requests: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    settleRequests: { type: 'integer', minimum: 0, maximum: 1_000_000 },
  },
} as const;

/** More than are ever in flight at a rate that the target keeps up with; where it does not, requests queue and that is latency. */
const CONNECTIONS_MAX = 64;
const ANSWER_LIMIT_MS = 5000;

/** `POST /_load` sends an open loop and answers with its outcome when it is over. One at a time: two would delay each other. */
export function createGenerator(): HttpServer {
  const server = createHttpServer({ name: 'open-loop', logLevel: 'warn' });
  const alarm = createAlarm();
  let last: Promise<unknown> = Promise.resolve();
  server.addHook('onClose', () => alarm.close());
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.post<{ Body: OpenLoopRequest }>('/_load', { schema: { body: BODY_SCHEMA } }, async ({ body }) => {
    const outcome = last.then(() => generate(body, alarm.at));
    last = outcome.catch(() => {});
    return outcome;
  });
  return server;
}

async function generate(load: OpenLoopRequest, waitUntil: (timeMs: number) => Promise<void>) {
  const pool = new Pool(load.url, {
    connections: CONNECTIONS_MAX,
    headersTimeout: ANSWER_LIMIT_MS,
    bodyTimeout: ANSWER_LIMIT_MS,
  });
  try {
    return await runOpenLoop({
      pacer: constantArrival(load.requestsPerSecond),
      requests: load.requests,
      settleRequests: load.settleRequests,
      send: () => ask(pool),
      nowMs: monotonicMs,
      waitUntil,
    });
  } finally {
    await pool.destroy();
  }
}

async function ask(pool: Pool): Promise<boolean> {
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', path: '/' });
    await body.dump();
    return statusCode >= 200 && statusCode < 300;
  } catch {
    return false;
  }
}
