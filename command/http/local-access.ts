import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { setting } from '../settings/setting.ts';
import { ApiError } from './api-error.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const LOOPBACK_NAMES = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** The token that createAccessCheck asks for, as every program with control paths is told it. */
export const controlTokenSetting = setting.text({
  default: '',
  env: 'LAB_CONTROL_TOKEN',
  description: 'bearer token that admits callers from other machines to /_lab',
});

/**
 * Faults are for those who may use this machine, and for whoever shows LAB_CONTROL_TOKEN as a bearer where it is set.
 * Throws an ApiError, `forbidden` or `unauthorized`.
 */
export function createAccessCheck(token: string): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (isFromThisMachine(request)) return;
    if (token === '')
      throw new ApiError(
        'forbidden',
        'the control answers this machine only (http://127.0.0.1:…): set LAB_CONTROL_TOKEN to open it to others',
      );
    if (!hasToken(request, token))
      throw new ApiError('unauthorized', 'send the LAB_CONTROL_TOKEN of this lab as a bearer token');
  };
}

function hasToken(request: FastifyRequest, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

/** The Host is looked at too: a web page whose name resolves to loopback (DNS rebinding) is not the user of this machine. */
function isFromThisMachine(request: FastifyRequest): boolean {
  return isLoopback(request.socket.remoteAddress ?? '') && LOOPBACK_NAMES.test(request.headers.host ?? '');
}

/** IPv4 callers of a socket bound to :: appear as ::ffff:127.0.0.1. */
function isLoopback(address: string): boolean {
  return LOOPBACK.check(address.replace(/^::ffff:/, ''), address.includes('.') ? 'ipv4' : 'ipv6');
}

/** Equal lengths, so that the comparison takes the same time whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
