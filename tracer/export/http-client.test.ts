/** The exporter's HTTP client against a server of raw bytes: what no well-behaved collector would do. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { until } from '../../test/until.ts';
import { HttpClient } from './http-client.ts';

/** What a connection does with the bytes that come, the first time, the second time and so on. */
type Script = (socket: Socket, turn: number, bytes: Buffer) => void;

const BODY = Buffer.from('spans');
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';

const answering =
  (text: string): Script =>
  (socket) =>
    void socket.write(text);

describe("the exporter's HTTP client", () => {
  let server: Server;
  let client: HttpClient;
  /** The last one's goes for all further connections. */
  let scripts: Script[] = [];
  const sockets: Socket[] = [];
  before(async () => {
    server = createServer((socket) => {
      const script = scripts[Math.min(sockets.length, scripts.length - 1)];
      sockets.push(socket);
      let turn = 0;
      socket.on('error', () => {});
      socket.on('data', (bytes) => script?.(socket, ++turn, bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(closeAll);
  after(() => server.close());

  function closeAll(): void {
    client.close();
    for (const socket of sockets.splice(0)) socket.destroy();
  }

  function openTo(...connections: Script[]): void {
    scripts = connections;
    const { port } = server.address() as AddressInfo;
    client = new HttpClient({ url: new URL(`http://127.0.0.1:${port}/v1/traces`), headers: {}, tls: {} });
  }

  async function post(body: Uint8Array = BODY, timeoutMs = 5000): Promise<string> {
    const exchanged = await client.post(body, timeoutMs);
    if (!('kind' in exchanged)) return `${exchanged.status} ${Buffer.from(exchanged.body).toString()}`;
    assert(exchanged.kind !== 'delivered');
    return `${exchanged.kind}: ${exchanged.reason}`;
  }

  it('sends head and body in one piece', async () => {
    const pieces: string[] = [];
    openTo((socket, _turn, bytes) => {
      pieces.push(bytes.toString());
      socket.write(OK);
    });
    assert.deepEqual([await post(), await post()], ['200 hi', '200 hi']);
    assert.equal(pieces.length, 2);
    for (const piece of pieces)
      assert.match(piece, /^POST \/v1\/traces HTTP\/1.1\r\n[^]*content-length: 5\r\n[^]*spans$/i);
  });

  it('reads an answer however it is framed, after interim ones as well', async () => {
    for (const [script, answer] of [
      [answering(OK), '200 hi'],
      [answering('HTTP/1.1 204 No Content\r\n\r\n'), '204 '],
      [answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1;x=y\r\n!\r\n0\r\n\r\n'), '200 hi!'],
      [answering(`HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${OK}`), '200 hi'],
      [(socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\n\r\nhi'), '200 hi'],
    ] as const) {
      openTo(script);
      assert.equal(await post(), answer);
      closeAll();
    }
  });

  it('may try again after an answer that breaks the rules, on a new connection', async () => {
    for (const text of [
      'garbage\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: none\r\n\r\nbytes',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    ]) {
      openTo(answering(text), answering(OK));
      assert.match(await post(), /^retryable: ./, text.slice(0, 60));
      assert.equal(await post(), '200 hi', `after ${text.slice(0, 60)}`);
      assert.equal(sockets.length, 2);
      closeAll();
    }
  });

  it('is done with an answer that comes before the request was read, and with its connection', async () => {
    const early: Script = (socket) => void socket.pause().write('HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n');
    openTo(early, answering(OK));
    assert.equal(await post(Buffer.alloc(30_000_000)), '413 ');
    assert.equal(await post(), '200 hi');
    assert.equal(sockets.length, 2);
  });

  it('asks once more at once only where no byte of an answer came', async () => {
    const closing: Script = (socket, turn) => (turn === 1 ? socket.write(OK) : socket.destroy());
    openTo(closing, answering(OK));
    assert.deepEqual([await post(), await post()], ['200 hi', '200 hi']);
    assert.equal(sockets.length, 2);
    closeAll();
    openTo((socket, turn) => (turn === 1 ? socket.write(OK) : socket.end('HTTP/1.1 20')), answering(OK));
    assert.deepEqual([await post(), (await post()).slice(0, 9)], ['200 hi', 'retryable']);
    assert.equal(sockets.length, 1);
  });

  it('has one timeout, for both tries', async () => {
    openTo(
      (socket, turn) => (turn === 1 ? socket.write(OK) : socket.destroy()),
      () => {},
    );
    assert.equal(await post(), '200 hi');
    assert.equal(await post(BODY, 300), 'retryable: no answer within the timeout');
    await until('the second try to be seen', () => sockets.length === 2);
  });

  it('is closed at any moment, and that is how what is under way ends', async () => {
    openTo(() => client.close());
    assert.equal(await post(), 'retryable: the exporter is closed');
    openTo(answering(OK));
    const posted = post();
    client.close();
    assert.equal(await posted, 'retryable: the exporter is closed', 'before there is a connection');
    assert.equal(sockets.length, 1);
  });
});
