import type { PropagationCounts } from '@tracelab/protocol';

export function createPropagationCounts(): PropagationCounts {
  return { baggageMembersDropped: 0, traceContextConflicts: 0 };
}
