import { LIMITS } from '@tracelab/protocol';
import { HttpClient } from './http-client.ts';
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
  const { url, compression, encoding, tls } = options;
  const client = new HttpClient({ url, tls, headers: requestHeaders(options) });
  return {
    destination: `${url.origin}${url.pathname}`,
    send: async (request, timeoutMs) => {
      const plain = encoding === 'json' ? jsonFromProtobuf(request) : request;
      const body = compression === 'gzip' ? await gzip(plain) : plain;
      const exchanged = await client.post(body, timeoutMs);
      return 'kind' in exchanged ? exchanged : readAnswer(exchanged);
    },
    close: () => client.close(),
  };
}

/** These say how the body is framed, which is nobody's business but Node's. */
const FRAMING: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'expect',
  'upgrade',
]);

/** Lower case, so that what the user asks for can replace our user-agent but not what describes the body. */
function requestHeaders(options: OtlpHttpOptions): Record<string, string> {
  const asked = Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    'user-agent': options.userAgent,
    ...Object.fromEntries(asked.filter(([name]) => !FRAMING.has(name))),
    'content-type': options.encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    ...(options.compression === 'gzip' && { 'content-encoding': 'gzip' }),
  };
}

async function readAnswer(answer: HttpAnswer): Promise<SendOutcome> {
  if (answer.headers['content-encoding']?.toLowerCase() !== 'gzip') return judgeAnswer(answer);
  const plain = await gunzip(answer.body, LIMITS.otlpResponseBytesMax);
  if (plain === 'too large') return ANSWER_TOO_LARGE;
  return judgeAnswer({ ...answer, body: plain ?? new Uint8Array() });
}
