import { describeProbability, tooLargeWords, TRIGGER_WORDS, VOTE_WORDS } from '@tracelab/model';
import type { ExplainReply, Explanation, PolicyVote } from '@tracelab/protocol';
import { formatTable } from './table.ts';

const DECISIONS = {
  sampled: 'kept',
  notSampled: 'sampled out',
  dropped: 'dropped by a policy',
} as const satisfies Record<Explanation['decision'], string>;

/** A drop ends the voting: it stands out. */
const VOTES = { ...VOTE_WORDS, dropped: 'DROP' } as const satisfies Record<PolicyVote['vote'], string>;

/** For a terminal: the verdict, the votes, and what was known. */
export function formatExplanation({ traceId, explanation }: ExplainReply): string {
  if (explanation === undefined) return `${traceId}: not yet decided, ask again when its decision_wait is over`;
  const { decision, trigger, decidedAtUnixMs, lagMs } = explanation;
  return [
    `${traceId}: ${DECISIONS[decision]}, ${reasonOf(explanation)}`,
    `  decided   ${new Date(decidedAtUnixMs).toISOString()}, ${TRIGGER_WORDS[trigger]}; ${lagMs.toFixed(0)} ms after it was due`,
    ...factLines(explanation),
    '',
    formatTable(['policy', 'type', 'limit', 'observed', 'vote'], voteRows(explanation.policies, '')),
  ].join('\n');
}

function reasonOf({ decidedBy, isShed, tooLarge }: Explanation): string {
  if (tooLarge !== undefined) return tooLargeWords(tooLarge);
  if (isShed) return 'shed: the store was nearly full';
  return decidedBy === '' ? 'no policy said sampled' : `by ${decidedBy}`;
}

function factLines(explanation: Explanation): string[] {
  const { completeness, late, randomness, threshold, configHash } = explanation;
  const { spanCount, errorCount, durationNano, rootSeen, rootService, rootName, missingParents } = completeness;
  const root = rootSeen ? `root ${rootService} ${rootName}` : 'no root seen';
  const parents = missingParents === 0 ? 'no parent missing' : `${missingParents} parents missing`;
  const spans = `${spanCount} spans, ${errorCount} with an error, ${(Number(durationNano) / 1e6).toFixed(1)} ms`;
  const lateSpans =
    late.lastAtUnixMs === undefined
      ? 'none since'
      : `${late.spanCount} spans since, the last ${new Date(late.lastAtUnixMs).toISOString()}; they followed the decision`;
  return [
    `  complete  ${root}, ${parents}; ${spans}`,
    `  late      ${lateSpans}`,
    `  chance    randomness ${randomness}${threshold === undefined ? '' : `, threshold ${threshold}`}; ${describeProbability(explanation)}`,
    `  policies  ${configHash}`,
  ];
}

function voteRows(policies: readonly PolicyVote[], indent: string): string[][] {
  return policies.flatMap(({ name, type, limit, observed, vote, policies: inside }) => [
    [`${indent}${name}`, type, limit, observed === '' ? '-' : observed, VOTES[vote]],
    ...voteRows(inside, `${indent}  `),
  ]);
}
