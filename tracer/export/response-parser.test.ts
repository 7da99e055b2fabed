import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ResponseParser } from './response-parser.ts';
import type { ParseState } from './response-parser.ts';

interface Parsed {
  state: ParseState;
  status: number;
  body: string;
  keeps: boolean;
}

/** Feeds the text in pieces of these sizes, one after the other, and ends the connection where more is wanted. */
function parse(text: string, pieces: readonly number[] = [], bodyBytesMax = 1000): Parsed {
  const parser = new ResponseParser(bodyBytesMax);
  const bytes = Buffer.from(text, 'latin1');
  let state: ParseState = 'reading';
  let at = 0;
  for (let turn = 0; at < bytes.length && state === 'reading'; turn++) {
    const size = pieces[turn] ?? bytes.length;
    state = parser.feed(bytes.subarray(at, at + size));
    at += size;
  }
  if (state === 'reading') state = parser.finish();
  const { status, body } = parser.answer;
  return { state, status, body: Buffer.from(body).toString('latin1'), keeps: parser.keepsConnection };
}

const complete = (status: number, body: string, keeps: boolean): Parsed => ({ state: 'complete', status, body, keeps });
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });

describe('an answer', () => {
  it('ends with its length, with its last chunk, at once, or with the connection', () => {
    for (const [text, parsed] of [
      ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', complete(200, 'hi', true)],
      ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', complete(200, '', true)],
      ['HTTP/1.1 200\r\ncontent-length:2\r\n\r\nhi', complete(200, 'hi', true)],
      ['HTTP/1.1 200 OK\nContent-Length: 2\n\nhi', complete(200, 'hi', true)],
      ['HTTP/1.1 204 No Content\r\n\r\n', complete(204, '', true)],
      [
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n',
        complete(200, 'hi0123456789', true),
      ],
      ['HTTP/1.1 200 OK\r\n\r\nhi', complete(200, 'hi', false)],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nhi', complete(200, 'hi', false)],
    ] as const) {
      assert.deepEqual(parse(text), parsed, text);
    }
  });

  it('may come after interim ones', () => {
    const text =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n';
    assert.deepEqual(parse(text), complete(503, '', true));
  });

  it('ends the connection where it says so, is old, or is followed by what nobody asked for', () => {
    for (const text of [
      'HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n',
    ]) {
      assert.deepEqual(parse(text), complete(200, '', false), text);
    }
  });

  it('is malformed, or never complete, where it breaks the rules', () => {
    for (const text of [
      'garbage\r\n\r\n',
      'HTTP/2 200\r\n\r\n',
      'HTTP/1.1 099 Low\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi',
      'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nhi\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(4000)}\r\n`,
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(2000)}\r\n`,
      '',
    ]) {
      assert.equal(parse(text).state, 'malformed', text.slice(0, 80));
    }
  });

  it('is too large beyond the bound, whatever its framing, and not at it', () => {
    for (const frame of [
      (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`,
      (body: string) => `Transfer-Encoding: chunked\r\n\r\n${`1\r\nx\r\n`.repeat(body.length)}0\r\n\r\n`,
      (body: string) => `\r\n${body}`,
    ]) {
      assert.equal(parse(`HTTP/1.1 200 OK\r\n${frame('x'.repeat(11))}`, [], 10).state, 'too large');
      assert.equal(parse(`HTTP/1.1 200 OK\r\n${frame('x'.repeat(10))}`, [], 10).state, 'complete');
    }
  });

  it('joins repeated fields, and no name of a field does harm', () => {
    const parser = new ResponseParser(10);
    parser.feed(
      Buffer.from('HTTP/1.1 200 OK\r\nA: 1\r\na: 2\r\n__proto__: x\r\nnonsense\r\nContent-Length: 0\r\n\r\n'),
    );
    assert.equal(parser.answer.headers['a'], '1, 2');
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });
});

it('an answer means the same however it is cut', () => {
  const body = fc.string({ maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, '?'));
  const framed = fc.oneof(
    body.map((text) => ({ text, rest: `Content-Length: ${text.length}\r\n\r\n${text}` })),
    fc.array(body.filter((text) => text !== '')).map((texts) => ({
      text: texts.join(''),
      rest: `Transfer-Encoding: chunked\r\n\r\n${texts.map((each) => `${each.length.toString(16)}\r\n${each}\r\n`).join('')}0\r\n\r\n`,
    })),
  );
  fc.assert(
    fc.property(framed, fc.integer({ min: 200, max: 599 }), cuts, ({ text, rest }, status, pieces) => {
      if (status === 204 || status === 304) return;
      assert.deepEqual(parse(`HTTP/1.1 ${status} Any Text\r\n${rest}`, pieces, 10_000), complete(status, text, true));
    }),
  );
});

it('no bytes make it throw or keep more than its bounds', () => {
  const start = fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
  const noise = fc.string({
    unit: fc.constantFrom('\r', '\n', ':', '0', '1', 'f', ' ', ';', 'x', '\xff'),
    maxLength: 200,
  });
  fc.assert(
    fc.property(start, noise, cuts, (head, rest, pieces) => {
      assert(parse(head + rest, pieces, 20).body.length <= 20);
    }),
  );
});

/** The same raw answer, as Node's own client understands it. */
async function askNode(text: string): Promise<{ status: number; body: string } | 'failed'> {
  const server: Server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(text, 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await new Promise((resolve) => {
      const call = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', method: 'POST' });
      call.on('error', () => resolve('failed'));
      call.on('response', (response) => {
        let body = '';
        response.setEncoding('latin1');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('error', () => resolve('failed'));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      call.end();
    });
  } finally {
    server.close();
  }
}

it("Node's own client understands the same", async () => {
  for (const text of [
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi',
    'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\nhi',
    'HTTP/1.0 200 OK\r\n\r\nhi',
    'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi',
    'garbage\r\n\r\n',
  ]) {
    const { state, status, body } = parse(text);
    assert.deepEqual(state === 'complete' ? { status, body } : 'failed', await askNode(text), text);
  }
});
