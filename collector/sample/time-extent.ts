import { Column, columnAt, nanosBetween, wholeOf, type SpanBatch } from '../receive/span-batch.ts';

const NS_PER_MS = 1e6;

/** From the earliest start to the latest end of the spans added. Makes no 64-bit integer before it is asked for one. */
export class TimeExtent {
  #hasStart = false;
  #startHigh = 0;
  #startLow = 0;
  #endHigh = 0;
  #endLow = 0;

  /** To begin with another trace. */
  reset(): void {
    this.#hasStart = false;
    this.#startHigh = this.#startLow = this.#endHigh = this.#endLow = 0;
  }

  add(batch: SpanBatch, row: number): void {
    this.#addStart(columnAt(batch, row, Column.startHigh), columnAt(batch, row, Column.startLow));
    this.#addEnd(columnAt(batch, row, Column.endHigh), columnAt(batch, row, Column.endLow));
  }

  /** Where the earliest start is 0, the next span's counts instead. */
  forgetZeroStart(): void {
    this.#hasStart = this.#hasStart && (this.#startHigh !== 0 || this.#startLow !== 0);
  }

  /** Exact up to 104 days. */
  get durationNano(): number {
    return nanosBetween(this.#startHigh, this.#startLow, this.#endHigh, this.#endLow);
  }

  /** Whole milliseconds, cut. */
  get durationMs(): number {
    return Math.trunc(this.durationNano / NS_PER_MS);
  }

  get startTimeUnixNano(): bigint {
    return wholeOf(this.#startHigh, this.#startLow);
  }

  get endTimeUnixNano(): bigint {
    return wholeOf(this.#endHigh, this.#endLow);
  }

  #addStart(high: number, low: number): void {
    const isEarlier = high < this.#startHigh || (high === this.#startHigh && low < this.#startLow);
    if (this.#hasStart && !isEarlier) return;
    this.#hasStart = true;
    this.#startHigh = high;
    this.#startLow = low;
  }

  #addEnd(high: number, low: number): void {
    if (high < this.#endHigh || (high === this.#endHigh && low <= this.#endLow)) return;
    this.#endHigh = high;
    this.#endLow = low;
  }
}
