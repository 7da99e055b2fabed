import { NotHeldError } from '@tracelab/command';
import { median, ratioOfAdded } from '@tracelab/model';
import type { Interval } from '@tracelab/model';
import { shuffle } from '@tracelab/protocol';
import { collectRounds } from '../collect-rounds.ts';
import { formatInterval, formatRatio, formatTarget } from '../report/format.ts';
import type { Variant } from '../registered/variant.ts';
import { COMPILE_CACHE, runChild } from '../run-child.ts';
import type { Preset, SectionContext, SectionReport } from '../section.ts';
import { startSink } from '../sink.ts';
import type { Sink } from '../sink.ts';
import { TRACE_SPANS } from './report.ts';
import type { SpansProcessReport } from './report.ts';

interface DeliveredPlan {
  rounds: number;
  warmUpTraces: number;
  traces: number;
  tracesPerSecond: number;
}

const PLANS: Record<Preset, DeliveredPlan> = {
  quick: { rounds: 3, warmUpTraces: 2000, traces: 800, tracesPerSecond: 1000 },
  full: { rounds: 4, warmUpTraces: 8000, traces: 4000, tracesPerSecond: 1000 },
};
const RATIO_MAX = 1 / 8;
/** Of one row in one round. */
const STARTS_MAX = 3;
const ROWS = ['none', 'lab', 'sdk', 'control'] as const;
type RowName = (typeof ROWS)[number];
const VARIANT_OF: Record<RowName, Variant> = { none: 'none', lab: 'lab', sdk: 'sdk', control: 'sdk' };

interface MeasuringPlace {
  plan: DeliveredPlan;
  sink: Sink;
  context: SectionContext;
}

/** Microseconds of CPU for each span, one process of its own for each row of a round. */
type DeliveredRound = Record<RowName, number>;

/** What a span costs its process until a collector in another process has it. */
export async function runDelivered(context: SectionContext): Promise<SectionReport> {
  const plan = PLANS[context.preset];
  const rounds = await measureRounds(plan, context);
  const cpu = (row: RowName): number => median(rounds.map((round) => round[row]));
  const { ratio, controlRatio } = ratiosOf(rounds);
  return {
    title: `delivered: CPU of the process for each span that reaches a sink over HTTP, ${TRACE_SPANS}-span traces of 4 attributes`,
    table: {
      headings: ['', 'CPU µs/span', 'less untraced', 'to the SDK [95 %]', 'target'],
      rows: [
        ['untraced loop', cpu('none').toFixed(2), '-', '-', '-'],
        [
          'lab',
          cpu('lab').toFixed(2),
          added(rounds, 'lab'),
          formatInterval(ratio, formatRatio),
          formatTarget(ratio, RATIO_MAX),
        ],
        ['SDK', cpu('sdk').toFixed(2), added(rounds, 'sdk'), '1', '-'],
        [
          'SDK (control)',
          cpu('control').toFixed(2),
          added(rounds, 'control'),
          formatInterval(controlRatio, formatRatio),
          '-',
        ],
      ],
    },
    notes: [
      `${rounds.length} rounds, ${plan.traces * TRACE_SPANS} spans at ${plan.tracesPerSecond} traces/s after ${plan.warmUpTraces} to warm up, every one seen by the sink`,
      'the interval is over rounds (each a start of its own), by Fieller’s method',
    ],
    json: { plan, rounds, ratio, controlRatio, ratioMax: RATIO_MAX },
  };
}

export function ratiosOf(rounds: readonly DeliveredRound[]): { ratio: Interval; controlRatio: Interval } {
  const against = (row: RowName): Interval =>
    ratioOfAdded(rounds.map((round) => ({ numerator: round[row] - round.none, denominator: round.sdk - round.none })));
  return { ratio: against('lab'), controlRatio: against('control') };
}

async function measureRounds(plan: DeliveredPlan, context: SectionContext): Promise<DeliveredRound[]> {
  const sink = await startSink();
  try {
    return await collectRounds({ name: 'delivered', count: plan.rounds }, context, async () => {
      const round: DeliveredRound = { none: 0, lab: 0, sdk: 0, control: 0 };
      for (const row of shuffle(ROWS, context.random))
        round[row] = await measure(VARIANT_OF[row], { plan, sink, context });
      return round;
    });
  } finally {
    await sink.stop();
  }
}

/** A tracer that drops spans is cheap: a start whose spans did not all arrive counts for nothing and is tried again. */
async function measure(variant: Variant, place: MeasuringPlace): Promise<number> {
  for (let attempt = 1; attempt <= STARTS_MAX; attempt++) {
    const { cpuUsPerSpan, spansMissing } = await measureOnce(variant, place);
    if (spansMissing === 0) return cpuUsPerSpan;
    place.context.progress(`delivered: ${variant} lost ${spansMissing} spans, once more`);
  }
  throw new NotHeldError(`${variant} lost spans in ${STARTS_MAX} of ${STARTS_MAX} starts: this machine is too busy`);
}

async function measureOnce(
  variant: Variant,
  { plan, sink, context }: MeasuringPlace,
): Promise<{ cpuUsPerSpan: number; spansMissing: number }> {
  const { warmUpTraces, traces, tracesPerSecond } = plan;
  const report = (await runChild(
    {
      file: 'delivered/spans-process.ts',
      args: [variant, ...[warmUpTraces, traces, tracesPerSecond].map(String)],
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
    },
    context.signal,
  )) as SpansProcessReport;
  const spans = traces * TRACE_SPANS;
  const spansMissing = (variant === 'none' ? 0 : spans) - (await sink.spans());
  return { cpuUsPerSpan: report.cpuUs / spans, spansMissing };
}

function added(rounds: readonly DeliveredRound[], row: RowName): string {
  return median(rounds.map((round) => round[row] - round.none)).toFixed(2);
}
