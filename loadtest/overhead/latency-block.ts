import { LATENESS_P99_US_MAX } from '../measure/shots-summary.ts';
import type { VariantName } from './variant.ts';

/** How the open loop is made that latencies are measured in. */
export interface OpenLoopPlan {
  requestsPerSecond: number;
  /** Measured in one block, after `settleRequests` in the same loop that are not. */
  requests: number;
  settleRequests: number;
  variants: readonly VariantName[];
  /** Of the time after each warm-up, from 0 to 1; the rest is the closed loop's. */
  timeShare: number;
}

/** One variant in the open loop for a moment. */
export interface LatencyBlock {
  restart: number;
  round: number;
  variant: VariantName;
  /** From the intended start to the whole answer, sorted; failed requests are not in it. */
  latenciesUs: number[];
  failures: number;
  /** How late the sender itself was for 99 % of the requests, at most. */
  latenessP99Us: number;
  /** CPU of all processes of the set until their spans were delivered, and all requests that it is for: those that settle it too. */
  cpuUs: number;
  requestsSent: number;
}

/** Whether the block says something about the variant: the sender kept its schedule and every request was answered. */
export function isKeptUp(block: LatencyBlock): boolean {
  return block.failures === 0 && block.latenciesUs.length > 0 && block.latenessP99Us <= LATENESS_P99_US_MAX;
}
