import { shuffle } from '@tracelab/protocol';
import type { OpenLoopOutcome } from '../open-loop/open-loop.ts';
import type { OpenLoopRequest } from '../open-loop/server.ts';
import { requestJson } from '../request-json.ts';
import type { Random } from '../target/random.ts';
import { quantile, type LatencyBlock, type OpenLoopPlan } from './latency-block.ts';
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
  const load: OpenLoopRequest = { url: set.entryUrl, requestsPerSecond, requests, settleRequests };
  const limitMs = ((requests + settleRequests) * 1000) / requestsPerSecond + SLACK_MS;
  const outcome = (await requestJson('POST', `${context.generatorUrl}/_load`, load, limitMs)) as OpenLoopOutcome;
  await set.untilDelivered();
  const after = await set.usage();
  return {
    latenciesUs: outcome.latenciesUs,
    failures: outcome.failures,
    latenessP99Us: quantile(outcome.latenessUs, 0.99),
    cpuUs: after.cpuUs - before.cpuUs,
    requestsSent: requests + settleRequests,
  };
}
