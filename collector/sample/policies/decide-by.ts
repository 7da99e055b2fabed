import type { TailSamplingConfig } from '../../config/collector-config.ts';
import type { DecidedTraceSink } from '../decided-trace.ts';
import type { Ballot } from './ballot.ts';
import { createPolicies } from './create-policies.ts';
import { createDecide, type Decide } from './decide.ts';
import { sheddingBy } from './shed.ts';

export interface DecidePeers {
  ballot: Ballot;
  sink: Pick<DecidedTraceSink, 'fullness'>;
  /** Monotonic. */
  nowMs: () => number;
}

/** How a configuration decides. Upstream's collector never sheds what its policies keep. */
export function decideBy(
  {
    policies,
    semantics,
    isFirstMatchEnough,
  }: Pick<TailSamplingConfig, 'policies' | 'semantics' | 'isFirstMatchEnough'>,
  { ballot, sink, nowMs }: DecidePeers,
): Decide {
  const isLab = semantics === 'lab';
  const voters = createPolicies(policies, { nowMs, ballot, semantics });
  const decide = createDecide(voters, ballot, { isFirstMatchEnough, isErrorKept: isLab });
  return isLab ? sheddingBy(() => sink.fullness(), decide) : decide;
}
