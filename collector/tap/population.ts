import { StatusCode } from '@tracelab/protocol';
import {
  Column,
  columnAt,
  kindAt,
  nameAt,
  nameEndAt,
  scopeAt,
  statusCodeAt,
  type SpanBatch,
} from '../receive/span-batch.ts';
import type { DecisionTap } from '../sample/decision-tap.ts';
import type { HeldBatch } from '../sample/buffer/held-batches.ts';
import type { TraceView } from '../sample/buffer/trace-view.ts';
import { OperationTable } from './operation-table.ts';

/** Upper bounds of the buckets, those of the OpenTelemetry Collector's span metrics; behind the last one everything. */
export const DURATION_BUCKETS_MS: readonly number[] = [
  2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000,
];
const BUCKETS_NANO = DURATION_BUCKETS_MS.map((ms) => ms * 1e6);
const HALF = 2 ** 32;

/** How often an operation of a service was seen in the whole population, sampled or not, and how long it took. */
export interface OperationStats {
  service: string;
  operation: string;
  kind: number;
  calls: number;
  errors: number;
  /** One more than there are bounds; not summed up. */
  buckets: number[];
  durationNanoSum: number;
}

/** Operations that are told apart; those that come later are counted together. */
export const OPERATIONS_MAX = 2000;
export const OVERFLOW_NAME = '(other)';

/**
 * Requests, errors and durations of each operation over all decided traces, kept and dropped: what sampling would otherwise distort. A
 * span that came late counts as well.
 */
export class Population implements DecisionTap {
  readonly #operationsMax: number;
  readonly #services = new Map<string, OperationTable<OperationStats>>();
  readonly #all: OperationStats[] = [];
  readonly #overflow = emptyStats(OVERFLOW_NAME, OVERFLOW_NAME, 0);

  constructor(operationsMax = OPERATIONS_MAX) {
    this.#operationsMax = operationsMax;
  }

  decided(trace: TraceView): void {
    trace.forEachSpan(this.#count);
  }

  late(part: TraceView): void {
    part.forEachSpan(this.#count);
  }

  /** Those that were seen. */
  stats(): readonly OperationStats[] {
    return this.#overflow.calls === 0 ? this.#all : [...this.#all, this.#overflow];
  }

  readonly #count = (batch: HeldBatch, row: number): void => {
    const stats = this.#statsOf(batch, row);
    const durationNano = durationNanoAt(batch, row);
    stats.calls++;
    if (statusCodeAt(batch, row) === StatusCode.error) stats.errors++;
    stats.durationNanoSum += durationNano;
    const bucket = bucketOf(durationNano);
    stats.buckets[bucket] = (stats.buckets[bucket] ?? 0) + 1;
  };

  #statsOf(batch: HeldBatch, row: number): OperationStats {
    const service = scopeAt(batch, row).resource.serviceName;
    let operations = this.#services.get(service);
    if (operations === undefined) {
      if (this.#all.length >= this.#operationsMax) return this.#overflow;
      operations = new OperationTable();
      this.#services.set(service, operations);
    }
    const start = columnAt(batch, row, Column.nameStart);
    const end = nameEndAt(batch, row);
    const kind = kindAt(batch, row);
    const known = operations.find(batch.bytes, start, end, kind);
    if (known !== undefined) return known;
    if (this.#all.length >= this.#operationsMax) return this.#overflow;
    const stats = emptyStats(service, nameAt(batch, row), kind);
    operations.add(Uint8Array.from(batch.bytes.subarray(start, end)), kind, stats);
    this.#all.push(stats);
    return stats;
  }
}

function emptyStats(service: string, operation: string, kind: number): OperationStats {
  const buckets = Array.from({ length: BUCKETS_NANO.length + 1 }, () => 0);
  return { service, operation, kind, calls: 0, errors: 0, buckets, durationNanoSum: 0 };
}

function bucketOf(durationNano: number): number {
  let bucket = 0;
  while (bucket < BUCKETS_NANO.length && durationNano > (BUCKETS_NANO[bucket] ?? 0)) bucket++;
  return bucket;
}

function durationNanoAt(batch: SpanBatch, row: number): number {
  const high = columnAt(batch, row, Column.endHigh) - columnAt(batch, row, Column.startHigh);
  return high * HALF + (columnAt(batch, row, Column.endLow) - columnAt(batch, row, Column.startLow));
}
