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

/** How many traces like this one are kept, for a reader: what says how many a kept one stands for. */
export function describeProbability({
  decision,
  probability,
  isShed,
}: Pick<Explanation, 'decision' | 'probability' | 'isShed'>): string {
  if (decision === 'dropped') return 'traces like this are taken out, and no kept one stands for them';
  if (probability === undefined) return 'how many like this are kept is unknown: not its randomness alone decided';
  if (probability === 0) return 'none like this is kept';
  if (probability === 1) return 'all like this are kept';
  const share = `one in ${formatCount(1 / probability)} like this is kept`;
  if (isShed) return `${share}, since the store was nearly full`;
  return decision === 'sampled' ? `${share}, so that it stands for as many` : share;
}

function formatCount(count: number): string {
  return count >= 100 ? Math.round(count).toLocaleString('en-US') : String(Number(count.toPrecision(3)));
}
