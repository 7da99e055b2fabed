import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { closeWithin } from './listen-until-end.ts';

/** A server with one request in flight, which ends when the test says so. */
async function serverAtWork(): Promise<{
  close: (ms: number) => Promise<void>;
  answer: () => void;
  sent: Promise<Response>;
}> {
  const server = Fastify({ forceCloseConnections: 'idle' });
  const started = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  server.get('/', async () => {
    started.resolve();
    await finished.promise;
    return 'done';
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const sent = fetch(url);
  sent.catch(() => {});
  await started.promise;
  return { sent, answer: finished.resolve, close: (ms) => closeWithin(server, ms) };
}

describe('the end of a service', () => {
  it('lets a request in flight finish', async () => {
    const { sent, answer, close } = await serverAtWork();
    const closed = close(10_000);
    answer();
    assert.equal(await (await sent).text(), 'done');
    await closed;
  });

  it('does not wait longer than its limit', async () => {
    const { sent, answer, close } = await serverAtWork();
    await close(20);
    await assert.rejects(sent);
    answer();
  });
});
