/**
 * Re-weighted counts of what is kept must be those of the population: 1,000 seeded runs through head sampler, policies of every kind that chooses, an
 * overloaded store, a buffer that is too small, and late spans. Coverage is that of 95 % intervals: 93 to 97 % of them hold the truth.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { estimateCount, flattenTracesData, type KeptTrace } from '@tracelab/model';
import {
  createRandom,
  decodeTracesData,
  formatThreshold,
  isAtLeast,
  OT_THRESHOLD,
  parseRandomness,
  parseThreshold,
  StatusCode,
  THRESHOLD_ALWAYS,
  thresholdFromProbability,
  type Random,
} from '@tracelab/protocol';
import { parseConfig } from '../config/parse-config.ts';
import { batchOf } from '../fixtures/decided.ts';
import { spanIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { allRows } from '../receive/span-batch.ts';
import { Ballot } from './policies/ballot.ts';
import { configWith } from './policies/cases.test-kit.ts';
import { decideBy } from './policies/decide-by.ts';
import { otMemberOf } from './probability/span-trace-state.ts';
import { TailSampler } from './tail-sampler.ts';

const RUNS = 1000;
const TRACES = 400;
const STEP_MS = 50;
const TRACES_A_STEP = 8;
const LATE_AFTER_STEPS = 60;

const POLICIES = `[
  { name: errors, type: status_code, status_code: { status_codes: [ERROR] } },
  { name: slow, type: latency, latency: { threshold_ms: 500, upper_threshold_ms: 5000 } },
  { name: some, type: probabilistic, probabilistic: { sampling_percentage: 25 } },
  { name: gold, type: and, and: { and_sub_policy: [
    { name: is-gold, type: string_attribute, string_attribute: { key: tier, values: [gold] } },
    { name: limit, type: rate_limiting, rate_limiting: { spans_per_second: 40, burst_capacity: 60 } } ] } },
  { name: shares, type: composite, composite: { max_total_spans_per_second: 60,
    composite_sub_policy: [
      { name: silver, type: string_attribute, string_attribute: { key: tier, values: [silver] } },
      { name: rest, type: always_sample } ],
    rate_allocation: [{ policy: silver, percent: 50 }, { policy: rest, percent: 30 }] } }
  ]`;

interface Truth {
  traces: number;
  spans: number;
  errors: number;
}

interface Kept {
  threshold: string;
  spans: number;
  isError: boolean;
}

/** What a run has in itself: the spans of each trace that reach the collector in time, and those that do not. */
interface Traffic {
  truth: Truth;
  onTime: SpanSketch[][];
  late: SpanSketch[][];
}

function createTraffic(random: Random): Traffic {
  const traffic: Traffic = { truth: { traces: 0, spans: 0, errors: 0 }, onTime: [], late: [] };
  for (let index = 0; index < TRACES; index++) {
    const spans = createTrace(random);
    traffic.truth.traces++;
    traffic.truth.spans += spans.length;
    traffic.truth.errors += spans.some(({ isError }) => isError) ? 1 : 0;
    const traceState = headSampled(spans[0] as SpanSketch, random);
    if (traceState === undefined) continue;
    const isLate = spans.map((_, at) => at > 0 && random.next() < 0.1);
    const arriving = spans.map((span) => ({ ...span, traceState }));
    traffic.onTime.push(arriving.filter((_, at) => isLate[at] !== true));
    traffic.late.push(arriving.filter((_, at) => isLate[at] === true));
  }
  return traffic;
}

function createTrace(random: Random): SpanSketch[] {
  const traceId = hexOf(random, 32);
  const tier = ['gold', 'silver', 'none'][Math.floor(random.next() * 3)] as string;
  const endMs = random.next() < 0.04 ? 800 : 20;
  const count = 1 + Math.floor(random.next() * 3);
  return Array.from({ length: count }, (_, at) => ({
    traceId,
    spanId: spanIdFor(at),
    ...(at === 0 ? {} : { parentSpanId: spanIdFor(0) }),
    endMs,
    isError: at === 0 && random.next() < 0.2,
    attributes: { tier },
  }));
}

/** A consistent head sampler of each service's own probability; undefined where it did not keep the trace. Some have a randomness of their own. */
function headSampled({ traceId = '' }: SpanSketch, random: Random): string | undefined {
  const explicit = random.next() < 0.3 ? hexOf(random, 14) : undefined;
  const randomness = parseRandomness(explicit ?? traceId.slice(-14)) ?? THRESHOLD_ALWAYS;
  const probability = [1, 1, 0.5, 0.8][Math.floor(random.next() * 4)] as number;
  const threshold = thresholdFromProbability(probability);
  if (!isAtLeast(randomness, threshold)) return undefined;
  const parts = [
    ...(probability === 1 ? [] : [`th:${formatThreshold(threshold)}`]),
    ...(explicit === undefined ? [] : [`rv:${explicit}`]),
  ];
  return parts.length === 0 ? '' : `ot=${parts.join(';')},vendor=1`;
}

function hexOf(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');
}

/** A store that writes fewer spans a step than the policies keep. */
class SlowStore {
  readonly parts: Uint8Array[] = [];
  #queued = 0;

  hasRoom = (): boolean => this.#queued < 100;
  untilRoom = (): Promise<void> => Promise.resolve();
  fullness = (): number => this.#queued / 100;

  accept = ({ bytes, spanCount }: { bytes: Uint8Array; spanCount: number }): void => {
    this.parts.push(bytes);
    this.#queued += spanCount;
  };

  write(): void {
    this.#queued = Math.max(0, this.#queued - 5);
  }
}

async function sample(
  seed: number,
): Promise<{ truth: Truth; kept: Kept[]; seen: Record<'early' | 'shed' | 'late', number> }> {
  const { truth, onTime, late } = createTraffic(createRandom(seed));
  let nowMs = 0;
  const clock = (): number => nowMs;
  const sink = new SlowStore();
  const ballot = new Ballot();
  const { tailSampling } = parseConfig(configWith(POLICIES), 'lab');
  const sampler = new TailSampler(
    {
      decide: decideBy(tailSampling, { ballot, sink, nowMs: clock }),
      decisionWaitMs: 2000,
      decisionWaitAfterRootMs: 1000,
      pendingTracesMax: 150,
      pendingBytesMax: 1e9,
      decisionsMax: { sampled: 10_000, notSampled: 10_000 },
    },
    { sink, nowMs: clock },
  );
  const send = async (traces: readonly SpanSketch[][] | undefined): Promise<void> => {
    const spans = (traces ?? []).flat();
    if (spans.length === 0) return;
    const batch = batchOf(spans);
    // A full store refuses, and the sender comes back.
    while ((await sampler.accept(batch, allRows(batch))).kind === 'refused') sink.write();
  };
  const steps = Math.ceil(onTime.length / TRACES_A_STEP);
  const ofStep = (traces: readonly SpanSketch[][], step: number): SpanSketch[][] =>
    step < 0 ? [] : traces.slice(step * TRACES_A_STEP, (step + 1) * TRACES_A_STEP);
  for (let step = 0; step < steps + LATE_AFTER_STEPS; step++) {
    nowMs += STEP_MS;
    await send(ofStep(onTime, step));
    await send(ofStep(late, step - LATE_AFTER_STEPS));
    sampler.tick();
    sink.write();
  }
  await sampler.close();
  const { tracesDecidedEarly: early, shed, late: lateSpans } = sampler.ledger();
  return { truth, kept: readKept(sink.parts), seen: { early, shed, late: lateSpans } };
}

/** What the store has of each trace. All parts of one must carry the same threshold. */
function readKept(parts: readonly Uint8Array[]): Kept[] {
  const byTrace = new Map<string, Kept>();
  for (const part of parts) {
    const data = decodeTracesData(part);
    if (!data.ok) throw new Error(data.error);
    for (const { traceId, traceState, status } of flattenTracesData(data.value)) {
      const threshold = otMemberOf(traceState).get(OT_THRESHOLD) ?? '0';
      const kept = byTrace.get(traceId) ?? { threshold, spans: 0, isError: false };
      assert.equal(threshold, kept.threshold, 'a trace has one threshold, whenever its spans came');
      byTrace.set(traceId, {
        threshold,
        spans: kept.spans + 1,
        isError: kept.isError || status.code === StatusCode.error,
      });
    }
  }
  return [...byTrace.values()];
}

const COUNTS: Readonly<Record<keyof Truth, (kept: Kept) => number>> = {
  traces: () => 1,
  spans: ({ spans }) => spans,
  errors: ({ isError }) => (isError ? 1 : 0),
};

it('re-weighted counts hold the truth in 93 to 97 % of 1,000 seeded runs', async () => {
  const hits: Truth = { traces: 0, spans: 0, errors: 0 };
  const totals = { early: 0, shed: 0, late: 0 };
  for (let seed = 1; seed <= RUNS; seed++) {
    const { truth, kept, seen } = await sample(seed);
    for (const what of ['traces', 'spans', 'errors'] as const) {
      const counted = kept.map((each): KeptTrace => ({
        threshold: parseThreshold(each.threshold) ?? THRESHOLD_ALWAYS,
        count: COUNTS[what](each),
      }));
      const { low, high } = estimateCount(counted);
      if (low <= truth[what] && truth[what] <= high) hits[what]++;
    }
    for (const what of ['early', 'shed', 'late'] as const) totals[what] += seen[what];
  }
  // Every way in which a trace may be lost to the count was taken.
  for (const [what, count] of Object.entries(totals)) assert.ok(count > RUNS, `${what}: ${count}`);
  for (const [what, count] of Object.entries(hits))
    assert.ok(count >= 0.93 * RUNS && count <= 0.97 * RUNS, `${what}: ${count} of ${RUNS} intervals hold the truth`);
});
