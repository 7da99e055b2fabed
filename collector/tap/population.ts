import { adjustedCountFromThreshold, StatusCode } from '@tracelab/protocol';
import { Column, columnAt, nanosBetween, statusCodeAt, type SpanBatch } from '../receive/span-batch.ts';
import type { HeldBatch } from '../sample/buffer/held-batches.ts';
import type { TraceView } from '../sample/buffer/trace-view.ts';
import type { DecisionTap } from '../sample/decision-tap.ts';
import type { Operation, OperationIndex } from '../sample/operation-index.ts';
import { bucketOf } from './bucket-of.ts';

/** Upper bounds of the buckets, those of the OpenTelemetry Collector's span metrics; behind the last one everything. */
export const DURATION_BUCKETS_MS: readonly number[] = [
  2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000,
];
const BUCKETS_NANO = DURATION_BUCKETS_MS.map((ms) => ms * 1e6);

/** How often an operation of a service was seen in the whole population, sampled or not, and how long it took. */
export interface OperationStats extends Operation {
  calls: number;
  errors: number;
  /** Both, each span counted as often as its head sampler says that it stands for; one of unknown probability once. */
  callsEstimated: number;
  errorsEstimated: number;
  /** One more than there are bounds; not summed up. */
  buckets: number[];
  durationNanoSum: number;
}

/**
 * Requests, errors and durations of each operation over all decided traces, kept and dropped: what sampling would otherwise distort. A
 * span that came late counts as well.
 */
export class Population implements DecisionTap {
  readonly #operations: OperationIndex;
  /** By the number of the operation. */
  readonly #stats: (OperationStats | undefined)[] = [];
  /** Of the trace that is counted. */
  #adjustedCount = 1;

  constructor(operations: OperationIndex) {
    this.#operations = operations;
  }

  decided(trace: TraceView): void {
    this.#countAll(trace);
  }

  late(part: TraceView): void {
    this.#countAll(part);
  }

  /** Those that were seen. */
  stats(): readonly OperationStats[] {
    return this.#stats.filter((stats) => stats !== undefined);
  }

  #countAll(trace: TraceView): void {
    const threshold = trace.arrivalThreshold;
    this.#adjustedCount = threshold === undefined ? 1 : adjustedCountFromThreshold(threshold);
    trace.forEachSpan(this.#count);
  }

  readonly #count = (batch: HeldBatch, row: number): void => {
    const index = columnAt(batch, row, Column.operation);
    const stats = this.#stats[index] ?? this.#addStats(index);
    const durationNano = durationNanoAt(batch, row);
    const errors = statusCodeAt(batch, row) === StatusCode.error ? 1 : 0;
    stats.calls++;
    stats.errors += errors;
    stats.callsEstimated += this.#adjustedCount;
    stats.errorsEstimated += errors * this.#adjustedCount;
    stats.durationNanoSum += durationNano;
    const bucket = bucketOf(durationNano, BUCKETS_NANO);
    stats.buckets[bucket] = (stats.buckets[bucket] ?? 0) + 1;
  };

  #addStats(index: number): OperationStats {
    const operation = this.#operations.operations[index] as Operation;
    const buckets = Array.from({ length: BUCKETS_NANO.length + 1 }, () => 0);
    const stats = {
      ...operation,
      calls: 0,
      errors: 0,
      callsEstimated: 0,
      errorsEstimated: 0,
      buckets,
      durationNanoSum: 0,
    };
    this.#stats[index] = stats;
    return stats;
  }
}

function durationNanoAt(batch: SpanBatch, row: number): number {
  return nanosBetween(
    columnAt(batch, row, Column.startHigh),
    columnAt(batch, row, Column.startLow),
    columnAt(batch, row, Column.endHigh),
    columnAt(batch, row, Column.endLow),
  );
}
