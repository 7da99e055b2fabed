import { deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '@tracelab/protocol';
import { drawBelow } from './draw.ts';

const BOMB_MEMBER_BYTES = 16 * 1024 * 1024;
const KIBIBYTE = 1024;
/** Deflate makes at most 1032 out of 1: 64 KiB become 64 MiB, and a gibibyte needs 1 MiB. */
const BOMB_KIBIBYTES = { smallest: 64, largest: 1024 } as const;

export function truncatedGzip(body: Uint8Array, random: Random): Uint8Array {
  const whole = gzipSync(body);
  return whole.subarray(0, drawBelow(random, whole.length));
}

/** A byte of it changed, or another thing behind it. */
export function damagedGzip(body: Uint8Array, random: Random): Uint8Array {
  const whole = gzipSync(body);
  const at = drawBelow(random, whole.length + 1);
  if (at === whole.length) return Buffer.concat([whole, deflateSync(body)]);
  whole[at] = (whole[at] ?? 0) ^ (1 + drawBelow(random, 255));
  return whole;
}

/** Members of 16 MiB of nothing one behind the other: inflates to 64 MiB up to 1 GiB. */
export function zipBomb(random: Random): Uint8Array {
  bombMember ??= gzipSync(Buffer.alloc(BOMB_MEMBER_BYTES), { level: 9 });
  const { smallest, largest } = BOMB_KIBIBYTES;
  const bytes = (smallest + drawBelow(random, largest - smallest + 1)) * KIBIBYTE;
  return Buffer.concat(
    Array.from({ length: Math.ceil(bytes / bombMember.length) }, () => bombMember ?? new Uint8Array()),
  );
}

let bombMember: Uint8Array | undefined;
