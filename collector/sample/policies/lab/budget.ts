import { TokenBucket } from '../token-bucket.ts';

/** What passes however little is left, so that nothing of the population becomes invisible. */
const SHARE_FLOOR = 1 / 1024;

/**
 * A token bucket that says how probable a trace is instead of who comes first: over half of it everything passes, below that a share in
 * proportion, so that it settles where what passes is what flows in. The share is known before the trace is looked at and depends on others alone:
 * what is kept can be weighed.
 */
export class Budget extends TokenBucket {
  /** How many of the traces that ask may pass, above 0 to 1. */
  get share(): number {
    return Math.min(1, Math.max(SHARE_FLOOR, (2 * this.left) / this.capacity));
  }
}
