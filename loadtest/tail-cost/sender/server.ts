import { createHttpServer } from '@tracelab/command';
import { createAlarm } from '../../attack/alarm.ts';
import { saturate, sendSteadily, type SaturatingLoad, type SteadyLoad } from './loads.ts';
import { ENCODINGS, type Traffic } from './traffic.ts';

type HttpServer = ReturnType<typeof createHttpServer>;

const url = { type: 'string', format: 'uri' } as const;
/** Under the five minutes for which a client of Node waits for an answer. */
const durationMs = { type: 'number', exclusiveMinimum: 0, maximum: 290_000 } as const;
const spansPerSecond = { type: 'number', exclusiveMinimum: 0, maximum: 10_000_000 } as const;
const SATURATE_SCHEMA = {
  type: 'object',
  required: ['url', 'encoding', 'durationMs'],
  additionalProperties: false,
  properties: { url, encoding: { enum: ENCODINGS }, durationMs },
} as const;
const STEADY_SCHEMA = {
  type: 'object',
  required: ['url', 'spansPerSecond', 'durationMs'],
  additionalProperties: false,
  properties: { url, spansPerSecond, durationMs },
} as const;

/** `POST /_saturate` and `POST /_steady` send a load and answer with what was sent when it is over. One at a time: two would delay each other. */
export function createSenderServer(traffic: Traffic): HttpServer {
  const server = createHttpServer({ name: 'tail-cost sender', logLevel: 'warn' });
  const alarm = createAlarm();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Sent>(send: () => Promise<Sent>): Promise<Sent> => {
    const sent = last.then(send);
    last = sent.catch(() => {});
    return sent;
  };
  server.addHook('onClose', () => alarm.close());
  server.post<{ Body: SaturatingLoad }>('/_saturate', { schema: { body: SATURATE_SCHEMA } }, ({ body }) =>
    inTurn(() => saturate(traffic, body)),
  );
  server.post<{ Body: SteadyLoad }>('/_steady', { schema: { body: STEADY_SCHEMA } }, ({ body }) =>
    inTurn(() => sendSteadily(traffic, body, alarm.at)),
  );
  return server;
}
