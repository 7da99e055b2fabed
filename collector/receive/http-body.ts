import { assertNever, refuse, type Result } from '@tracelab/protocol';
import type { FastifyRequest } from 'fastify';
import { readBody, type Body, type BodyLimits, type BodyRefusal } from './read-body.ts';

/** The body of a request by its headers: inflated where it says gzip, refused unread where it says that it is too large. Never throws. */
export async function readHttpBody(
  { headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>,
  limits: BodyLimits,
): Promise<Result<Body, BodyRefusal>> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity' && encoding !== 'gzip')
    return refuse({ kind: 'unsupportedEncoding', was: encoding });
  if (Number(headers['content-length'] ?? 0) > limits.bytesMax) return refuse({ kind: 'tooLarge' });
  return readBody(raw, encoding === 'gzip' ? 'gzip' : 'identity', limits);
}

/** In English, for answers; an overload is said by `explainOverload`. */
export function explainBodyRefusal(refusal: Exclude<BodyRefusal, { kind: 'noBudget' }>, bytesMax: number): string {
  switch (refusal.kind) {
    case 'malformed':
      return refusal.reason;
    case 'unsupportedEncoding':
      return `the content encoding should be gzip or identity: was "${refusal.was}"`;
    case 'tooLarge':
      return `the body should have at most ${bytesMax} bytes, before and after decompression: send fewer spans at a time`;
    default:
      return assertNever(refusal);
  }
}
