import { LIMITS } from '@tracelab/protocol';
import { HttpConnection } from './http-connection.ts';
import { ANSWER_TOO_LARGE, judgeAnswer } from './otlp-answer.ts';
import type { HttpAnswer } from './otlp-answer.ts';
import { gunzip, gzip, jsonFromProtobuf } from './request-body.ts';
import type { Compression, Encoding } from './request-body.ts';
import type { TlsFiles } from './tls-files.ts';
import type { SendOutcome, Transport } from './transport.ts';

export interface OtlpHttpOptions {
  /** Used as it is. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  compression: Compression;
  encoding: Encoding;
  userAgent: string;
  tls: TlsFiles;
}

/** OTLP/HTTP over one kept connection. Node's modules are loaded with the first batch, not at start. */
export function createOtlpHttpTransport(options: OtlpHttpOptions): Transport {
  const { url, compression, encoding } = options;
  const connection = new HttpConnection(url, options.tls);
  const head = requestHead(options);
  return {
    destination: `${url.origin}${url.pathname}`,
    send: async (request, timeoutMs) => {
      if (head === undefined) return { kind: 'refused', reason: 'a header of the exporter cannot be sent over HTTP' };
      const plain = encoding === 'json' ? jsonFromProtobuf(request) : request;
      const body = compression === 'gzip' ? await gzip(plain) : plain;
      const exchanged = await connection.exchange(`${head}content-length: ${body.length}\r\n\r\n`, body, timeoutMs);
      return 'kind' in exchanged ? exchanged : readAnswer(exchanged);
    },
    close: () => connection.close(),
  };
}

// RFC 9110, 5.6.2 and 5.5, in latin1: a line break would be a second header.
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** These say how the body is framed, which is nobody's business but ours. */
const OUR_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'expect',
  'upgrade',
]);

/** All but the length of the body; undefined where a header is none. The user can replace our user-agent, not what describes the body. */
function requestHead(options: OtlpHttpOptions): string | undefined {
  const { url } = options;
  const asked = Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers: Record<string, string> = {
    host: url.host,
    'user-agent': options.userAgent,
    ...credentialsOf(url),
    ...Object.fromEntries(asked.filter(([name]) => !OUR_HEADERS.has(name))),
    'content-type': options.encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    ...(options.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
  const fields = Object.entries(headers);
  if (!fields.every(([name, value]) => HEADER_NAME.test(name) && HEADER_VALUE.test(value))) return undefined;
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}`;
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

async function readAnswer(answer: HttpAnswer): Promise<SendOutcome> {
  if (answer.headers['content-encoding']?.toLowerCase() !== 'gzip') return judgeAnswer(answer);
  const plain = await gunzip(answer.body, LIMITS.otlpResponseBytesMax);
  if (plain === 'too large') return ANSWER_TOO_LARGE;
  return judgeAnswer({ ...answer, body: plain ?? new Uint8Array() });
}
