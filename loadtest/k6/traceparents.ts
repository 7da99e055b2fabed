import { createIdGenerator, formatTraceparent, TRACE_FLAG_RANDOM, TRACE_FLAG_SAMPLED } from '../../protocol/index.ts';

/** k6's Web Crypto. It fills only as many bytes as the array has elements, so nothing but a Uint8Array will do. */
declare const crypto: { getRandomValues: (bytes: Uint8Array) => Uint8Array };

/**
 * W3C level 2 headers, each of a new trace that the client samples: flags 03, every bit of both ids random. Consistent
 * samplers read the last 56 bits, so ids that begin with a clock, as some k6 libraries make them, would be sampled wrongly.
 */
export function createTraceparents(): { next: () => string } {
  const ids = createIdGenerator((bytes) => {
    crypto.getRandomValues(bytes);
  });
  const flags = TRACE_FLAG_SAMPLED | TRACE_FLAG_RANDOM;
  return { next: () => formatTraceparent({ traceId: ids.traceId(), spanId: ids.spanId(), flags }) };
}
