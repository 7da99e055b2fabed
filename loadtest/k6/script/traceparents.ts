import {
  createIdGenerator,
  formatTraceparent,
  TRACE_FLAG_RANDOM,
  TRACE_FLAG_SAMPLED,
} from '../../../protocol/index.ts';

/** In the place of a client's rate: whoever is called begins the trace and decides about it. */
export const NO_TRACEPARENT = -1;

/** Web Crypto, of k6 and of Node. k6's fills only as many bytes as the array has elements, so nothing but a Uint8Array will do. */
declare const crypto: { getRandomValues: (bytes: Uint8Array) => Uint8Array };

/**
 * W3C level 2 headers, each of a new trace that begins at this client, every bit of both ids random: flags 03 where the
 * client samples it, which it does with the probability given, else 02. Consistent samplers read the last 56 bits, so ids
 * that begin with a clock, as some k6 libraries make them, would be sampled wrongly.
 */
export function createTraceparents(sampledShare = 1, random: () => number = Math.random): { next: () => string } {
  const ids = createIdGenerator((bytes) => {
    crypto.getRandomValues(bytes);
  });
  return {
    next: () => {
      const flags = TRACE_FLAG_RANDOM | (random() < sampledShare ? TRACE_FLAG_SAMPLED : 0);
      return formatTraceparent({ traceId: ids.traceId(), spanId: ids.spanId(), flags });
    },
  };
}
