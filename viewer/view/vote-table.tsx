import { VOTE_WORDS } from '@tracelab/model';
import type { Explanation, PolicyVote } from '@tracelab/protocol';
import { listVotes } from '../data/explanation-text.ts';
import type { VoteRow } from '../data/explanation-text.ts';

const VOTE_MARKS = {
  sampled: '✓',
  notSampled: '–',
  dropped: '✕',
  error: '▲',
  notAsked: '·',
} as const satisfies Record<PolicyVote['vote'], string>;

/** Who voted what, on which observed value, in the order in which they were asked. */
export function VoteTable({ explanation }: { explanation: Explanation }) {
  const rows = listVotes(explanation);
  if (rows.length === 0)
    return (
      <p class="quiet" data-field="no-votes">
        The policies of that time are no longer written down, so their votes cannot be told.
      </p>
    );
  return (
    <table class="votes" data-field="votes">
      <thead>
        <tr>
          <th scope="col">Policy</th>
          <th scope="col">Type</th>
          <th scope="col">Limit</th>
          <th scope="col">Observed</th>
          <th scope="col">Vote</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Vote key={JSON.stringify([...row.around, row.vote.name])} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Vote({ row: { vote, around, isDeciding } }: { row: VoteRow }) {
  return (
    <tr
      class={isDeciding ? 'is-deciding' : ''}
      data-policy={[...around, vote.name].join('/')}
      style={{ '--depth': around.length }}
    >
      <th scope="row">
        {around.length > 0 && <span class="visually-hidden">inside {around.join(', ')}: </span>}
        {vote.name}
      </th>
      <td class="vote-type">{vote.type}</td>
      <td class="vote-limit">{vote.limit}</td>
      <td class="vote-observed figure">{vote.observed === '' ? '-' : vote.observed}</td>
      <td class={`vote is-${vote.vote}`}>
        <span class="vote-mark" aria-hidden="true">
          {VOTE_MARKS[vote.vote]}
        </span>{' '}
        {VOTE_WORDS[vote.vote]} {isDeciding && <span class="vote-decided">decided</span>}
      </td>
    </tr>
  );
}
