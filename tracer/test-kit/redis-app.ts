/**
 * An application that reads a Redis with the OpenTelemetry project's own instrumentation of ioredis, registered as its
 * documentation says, before `require` (CommonJS, where its hook works). Of our tracer it knows nothing.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import type * as ioredis from 'ioredis';

registerInstrumentations({ instrumentations: [new IORedisInstrumentation()] });
const { Redis } = createRequire(import.meta.url)('ioredis') as typeof ioredis;
const redis = new Redis(Number(process.env['REDIS_PORT']), '127.0.0.1');

const server = createServer((_request, response) => {
  void readStock().then((text) => response.end(text));
});

async function readStock(): Promise<string> {
  await redis.set('stock', '7');
  const failure = await redis.call('NOSUCH').catch((error: unknown) => String(error));
  return `${await redis.get('stock')} ${String(failure)}`;
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.once('message', () => {
  redis.disconnect();
  server.closeAllConnections();
  server.close();
  process.disconnect();
});
