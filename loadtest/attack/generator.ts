import { createHttpServer } from '@tracelab/command';
import { constantArrival } from '../pace/pacer.ts';
import { createAlarm } from './alarm.ts';
import { runAttack } from './attack.ts';
import { HttpTarget } from './http-target.ts';
import { monotonicMs } from './monotonic-clock.ts';
import { shotsFrom, type Shots } from './shots.ts';

type HttpServer = ReturnType<typeof createHttpServer>;

/** `GET /` of the target, so many a second, so many in all; those that settle it are sent in the same way and not told. */
export interface LoadRequest {
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

/** More than are ever in flight at a rate that the target keeps up with; where it does not, the block does not count. */
const IN_FLIGHT_MAX = 256;
const ANSWER_LIMIT_MS = 5000;
const GET_ROOT = { method: 'GET', path: '/' } as const;

/** `POST /_load` sends an open loop and answers with its shots when it is over. One at a time: two would delay each other. */
export function createGenerator(): HttpServer {
  const server = createHttpServer({ name: 'attack', logLevel: 'warn' });
  const alarm = createAlarm();
  let last: Promise<unknown> = Promise.resolve();
  server.addHook('onClose', () => alarm.close());
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.post<{ Body: LoadRequest }>('/_load', { schema: { body: BODY_SCHEMA } }, async ({ body }) => {
    const shots = last.then(() => generate(body, alarm.at));
    last = shots.catch(() => {});
    return shots;
  });
  return server;
}

async function generate(load: LoadRequest, waitUntil: (timeMs: number) => Promise<void>): Promise<Shots> {
  const target = new HttpTarget({ origin: load.url, connections: IN_FLIGHT_MAX, answerLimitMs: ANSWER_LIMIT_MS });
  try {
    const shots = await runAttack({
      pacer: constantArrival(load.requestsPerSecond),
      requestsMax: load.settleRequests + load.requests,
      durationMs: Infinity,
      inFlightMax: IN_FLIGHT_MAX,
      send: () => target.send(GET_ROOT),
      nowMs: monotonicMs,
      waitUntil,
      signal: new AbortController().signal,
    });
    return shotsFrom(shots, load.settleRequests);
  } finally {
    await target.close();
  }
}
