import type { Explanation, PolicyVote } from '@tracelab/protocol';

/** What made a trace be decided when it was, for a reader. */
export const TRIGGER_WORDS = {
  root: 'its root had come, and the wait after it was over',
  wait: 'the wait from its first span was over',
  early: 'the buffer was full: with what was there',
  size: 'it had grown too large',
  end: 'the collector ended: with what was there',
} as const satisfies Record<Explanation['trigger'], string>;

export const VOTE_WORDS = {
  sampled: 'keep',
  notSampled: 'no',
  dropped: 'drop',
  error: 'error',
  notAsked: 'not asked',
} as const satisfies Record<PolicyVote['vote'], string>;

/** Why a trace was not kept of which no policy was asked. */
export function tooLargeWords({ sizeBytes, sizeBytesMax }: NonNullable<Explanation['tooLarge']>): string {
  return `larger than maximum_trace_size_bytes: ${sizeBytes} of ${sizeBytesMax} bytes`;
}
