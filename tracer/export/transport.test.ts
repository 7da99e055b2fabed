/** A collector's address with the wrong port, which answers something else. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { readSettings } from '../config/read-settings.ts';
import { createTransport } from './create-transport.ts';
import { describeFailure } from './transport.ts';

const plainHttp: Server = createServer((request, response) => request.resume().on('end', () => response.end()));
const greeter = createTcpServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('SSH-2.0-hello\r\n'));
});

/** Why a batch sent to it did not arrive. */
async function reasonFrom(server: Server, scheme: string, protocol: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${scheme}://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  };
  const transport = createTransport(readSettings(environment, assert.fail), assert.fail);
  assert(transport !== undefined);
  const outcome = await transport.send(new Uint8Array(), 5000);
  transport.close();
  assert.equal(outcome.kind, 'retryable');
  return outcome.kind === 'retryable' ? outcome.reason : '';
}

describe('a port that speaks something else is named in one line, with a question that leads on', () => {
  before(async () => {
    for (const server of [plainHttp, greeter]) await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  after(() => {
    for (const server of [plainHttp, greeter]) server.close();
  });

  it('TLS to plain HTTP', async () => {
    const reason = await reasonFrom(plainHttp, 'https', 'http/protobuf');
    assert.match(reason, /^[a-z ]+ \(does this port speak TLS\?\)$/);
  });

  it('gRPC to HTTP/1.1', async () => {
    assert.match(await reasonFrom(plainHttp, 'http', 'grpc'), /^Protocol error \(does this port speak gRPC\?\)$/);
  });

  it('HTTP to something that is none', async () => {
    assert.match(await reasonFrom(greeter, 'http', 'http/protobuf'), /^Parse Error.* \(does this port speak HTTP\?\)$/);
  });
});

it('any other failure is described by its message, else by its name', () => {
  assert.deepEqual([new Error('it broke\n'), new TypeError(''), 'odd'].map(describeFailure), [
    'it broke',
    'TypeError',
    'odd',
  ]);
});
