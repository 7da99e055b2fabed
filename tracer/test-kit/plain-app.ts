/**
 * A plain Fastify application that knows nothing of tracing, for tests that start it with
 * `--import @tracelab/tracer/register`. It tells its address over IPC and ends by itself on any message.
 */
import { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';
import type { FastifyRequest } from 'fastify';

const app = Fastify({ logger: true });
const database = new DatabaseSync(':memory:');
database.exec('CREATE TABLE stock (sku TEXT, quantity INTEGER)');
const backUrl = process.env['BACK_URL'] ?? '';

app.get('/healthz', async () => (await fetch(`${backUrl}/healthz`)).text());
interface ById {
  Params: { id: string };
}

const front = async (request: FastifyRequest<ById>): Promise<unknown> => {
  const [one, other] = await Promise.all([
    fetch(`${backUrl}/back/1?token=secret&page=2`, { headers: { 'x-own': 'kept' } }),
    fetch(
      new Request(`${backUrl}/back/2`, { method: 'POST', body: 'text', headers: { 'content-type': 'text/plain' } }),
    ),
  ]);
  request.log.info({ own: true }, 'both answered');
  return [await one.json(), await other.json()];
};
const back = async (request: FastifyRequest<ById>): Promise<unknown> => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  database.prepare('SELECT quantity FROM stock WHERE sku = ?').all(request.params.id);
  request.log.child({ part: 'back' }).info('looked up');
  return { traceparent: request.headers['traceparent'], own: request.headers['x-own'] };
};

app.route({ method: 'GET', url: '/front/:id', handler: front });
app.route({ method: ['GET', 'POST'], url: '/back/:id', handler: back });
app.get('/boom', async () => {
  throw new TypeError('no luck');
});
app.get('/refused', async () => (await fetch(process.env['NOBODY_URL'] ?? '')).text());
app.get('/slow', () => new Promise(() => process.send?.({ slow: true })));
app.addHook('preHandler', async (request, reply) => {
  if (request.url === '/forbidden') await reply.code(403).send('no');
});
app.get('/forbidden', async () => 'never');

const url = await app.listen({ port: 0, host: '127.0.0.1' });
if (process.env['OWN_SIGNAL_HANDLER'] === 'yes') {
  process.once('SIGTERM', () => void app.close().then(() => process.disconnect()));
}
if (process.env['OWN_SIGNAL_HANDLER'] === 'exit') {
  // Ends as many do: the last work, a grace period, and out.
  process.once('SIGTERM', () => {
    void fetch(`${url}/forbidden`).then(() => setTimeout(() => process.exit(7), 1000));
  });
}
process.once('message', () => void app.close().then(() => process.disconnect()));
process.send?.({ url });
