import { shuffle } from '@tracelab/protocol';
import type { LoadRequest } from '../attack/generator.ts';
import type { Shots } from '../attack/shots.ts';
import { quantile } from '../measure/quantile.ts';
import { isSuccess } from '../measure/shots-summary.ts';
import { requestJson } from '../request-json.ts';
import type { Random } from '../target/random.ts';
import type { LatencyBlock, OpenLoopPlan } from './latency-block.ts';
import { setOf, type MeasureContext } from './measure.ts';
import type { Variant } from './variant.ts';

/** On top of the time that the schedule takes: requests that the target is slow with are waited for. */
const SLACK_MS = 20_000;

/** One block of each variant of the plan, in random order. Undefined where the run was ended in between. */
export async function measureLatencyRound(
  context: MeasureContext,
  plan: OpenLoopPlan,
  at: { restart: number; round: number },
  random: Random,
): Promise<LatencyBlock[] | undefined> {
  const blocks: LatencyBlock[] = [];
  const variants = context.variants.filter(({ name }) => plan.variants.includes(name));
  for (const variant of shuffle(variants, { next: random })) {
    blocks.push({ ...at, variant: variant.name, ...(await measureBlock(context, plan, variant)) });
    if (context.signal.aborted) return undefined;
  }
  return blocks;
}

async function measureBlock(
  context: MeasureContext,
  plan: OpenLoopPlan,
  variant: Variant,
): Promise<Omit<LatencyBlock, 'restart' | 'round' | 'variant'>> {
  const set = setOf(context, variant.set);
  if (variant.ratio !== undefined) await set.setRatio(variant.ratio);
  const before = await set.usage();
  const { requestsPerSecond, requests, settleRequests } = plan;
  const load: LoadRequest = { url: set.entryUrl, requestsPerSecond, requests, settleRequests };
  const limitMs = ((requests + settleRequests) * 1000) / requestsPerSecond + SLACK_MS;
  const shots = (await requestJson('POST', `${context.generatorUrl}/_load`, load, limitMs)) as Shots;
  await set.untilDelivered();
  const after = await set.usage();
  return {
    ...latenciesOf(shots),
    cpuUs: after.cpuUs - before.cpuUs,
    requestsSent: requests + settleRequests,
  };
}

/** Latencies of what was answered with 2xx; all else is a failure. */
function latenciesOf({ latencyUs, latenessUs, status }: Shots): {
  latenciesUs: number[];
  failures: number;
  latenessP99Us: number;
} {
  const latenciesUs = latencyUs.filter((_, index) => isSuccess(status[index] ?? 0)).sort(ascending);
  return {
    latenciesUs,
    failures: status.length - latenciesUs.length,
    latenessP99Us: quantile(latenessUs.toSorted(ascending), 0.99),
  };
}

function ascending(one: number, other: number): number {
  return one - other;
}
