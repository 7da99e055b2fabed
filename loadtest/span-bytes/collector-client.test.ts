/** Against servers that answer as a collector may, and as one should not. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createHttpServer, listen, NotHeldError } from '@tracelab/command';
import { encodeExportResponse, LOOPBACK_HOST } from '@tracelab/protocol';
import { sendSpans, untilStored } from './collector-client.ts';

const servers: ReturnType<typeof createHttpServer>[] = [];
const noSignal = new AbortController().signal;

after(() => Promise.all(servers.map((server) => server.close())));

interface Behaviour {
  /** One after the other for what is sent, the last one for ever. */
  statuses?: readonly number[];
  answer?: Uint8Array;
  ledger?: () => object;
}

async function standIn({ statuses = [], answer = new Uint8Array(), ledger }: Behaviour) {
  const seen: string[] = [];
  const server = createHttpServer({ name: 'stand-in', bodyBytesMax: 1000, logLevel: 'silent' });
  servers.push(server);
  server.addContentTypeParser('application/x-protobuf', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  server.post('/', async (request, reply) => {
    const status = statuses[Math.min(seen.push(String(request.body)), statuses.length) - 1] ?? 500;
    return reply.code(status).header('retry-after', '0').send(Buffer.from(answer));
  });
  server.get('/api/lab/ledger', async () => ledger?.());
  const { url } = await listen(server, { host: LOOPBACK_HOST, port: 0, variable: '--port', what: 'stand-in' });
  return { url, seen };
}

describe('sending spans', () => {
  it('sends the same bytes again while the collector is full', async () => {
    const { url, seen } = await standIn({ statuses: [503, 503, 200] });
    await sendSpans(url, Buffer.from('spans'), noSignal);
    assert.deepEqual(seen, ['spans', 'spans', 'spans']);
  });

  it('gives up on one that is full for ever', async () => {
    const { url, seen } = await standIn({ statuses: [503] });
    await assert.rejects(sendSpans(url, Buffer.from('spans'), noSignal), /was full 60 times in a row/);
    assert.equal(seen.length, 60);
  });

  it('takes any other answer as the end, and so a span that was rejected', async () => {
    const refusing = await standIn({ statuses: [400] });
    await assert.rejects(sendSpans(refusing.url, Buffer.from('spans'), noSignal), NotHeldError);
    assert.equal(refusing.seen.length, 1);
    const rejecting = await standIn({
      statuses: [200],
      answer: encodeExportResponse({ rejectedSpans: 1, errorMessage: 'no id' }),
    });
    await assert.rejects(sendSpans(rejecting.url, Buffer.from('spans'), noSignal), /take every span: no id/);
  });

  it('ends at a request to end', async () => {
    const { url, seen } = await standIn({ statuses: [200] });
    await assert.rejects(sendSpans(url, Buffer.from('spans'), AbortSignal.abort(new Error('Ctrl-C'))), /Ctrl-C/);
    assert.equal(seen.length, 0);
  });
});

describe('waiting for the store', () => {
  it('ends when the ledger counts every span as stored', async () => {
    let stored = 0;
    const { url } = await standIn({ ledger: () => ({ stored: (stored += 4) }) });
    await untilStored(url, 10, { signal: noSignal });
    assert.equal(stored, 12);
  });

  it('gives up on a store that no longer grows, with its ledger', async () => {
    const { url } = await standIn({ ledger: () => ({ stored: 9, storeDropped: 1 }) });
    await assert.rejects(
      untilStored(url, 10, { signal: noSignal, standstillMs: 0 }),
      /9 of 10 spans were stored, and no more: \{"stored":9,"storeDropped":1\}/,
    );
  });
});
