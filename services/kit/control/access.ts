import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from '@tracelab/command';
import type { FastifyRequest } from 'fastify';

/** Admits a caller on this machine, or one with the bearer token where LAB_CONTROL_TOKEN is set. */
export function createAccessCheck(token: string): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (isLoopback(request.raw.socket.remoteAddress ?? '')) return;
    if (token === '') {
      throw new ApiError(
        'forbidden',
        '/_lab answers only callers on this machine: set LAB_CONTROL_TOKEN to admit others',
      );
    }
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
      throw new ApiError('unauthorized', '/_lab wants LAB_CONTROL_TOKEN as a bearer token from callers elsewhere');
    }
  };
}

/** IPv4 callers of a socket bound to :: appear as ::ffff:127.0.0.1. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** Compares in constant time: digests have one length whatever was sent. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
