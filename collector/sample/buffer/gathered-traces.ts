import { Column, COLUMNS, columnAt, NO_ROW } from '../../receive/span-batch.ts';
import type { HeldBatch, HeldBatches } from './held-batches.ts';
import { grown, IdTable } from './id-table.ts';
import { SpanIdFilter } from './span-id-filter.ts';

/** Of a trace in the columns, the table and the queues; of a run: estimates on the safe side. */
const TRACE_BYTES = 160;
const RUN_BYTES = 16;

/** Numbers of each trace. */
const Field = { spanCount: 0, firstRun: 1, lastRun: 2, lastRow: 3 } as const;
const FIELDS = 4;
/** Numbers of each run: rows of one batch, linked by their column `next`. A free run has the next free one in the place of its batch. */
const RunField = { batch: 0, firstRow: 1, next: 2 } as const;
const RUN_FIELDS = 3;
const RUNS_INITIAL = 1024;
const NO_RUN = -1;

/** Which rows of which batches are the spans of which trace, in the order of arrival: columns by slot, no object for a trace. */
export class GatheredTraces {
  readonly #held: HeldBatches;
  readonly #table: IdTable;
  readonly #spanIds: SpanIdFilter;
  #fields: Int32Array;
  #firstSeenMs: Float64Array;
  /** NaN where no root has arrived. */
  #rootSeenMs: Float64Array;
  #runs = new Int32Array(RUNS_INITIAL * RUN_FIELDS);
  #firstFreeRun = NO_RUN;
  #runsEver = 0;
  #runsUsed = 0;

  constructor(held: HeldBatches, tableSeed: number) {
    this.#held = held;
    this.#table = new IdTable(tableSeed);
    this.#fields = new Int32Array(this.#table.capacity * FIELDS);
    this.#firstSeenMs = new Float64Array(this.#table.capacity);
    this.#rootSeenMs = new Float64Array(this.#table.capacity);
    this.#spanIds = new SpanIdFilter(this);
  }

  get size(): number {
    return this.#table.size;
  }

  /** Of the traces alone: batches are counted once for all traces in them. */
  get bytesHeld(): number {
    return this.#table.size * TRACE_BYTES + this.#runsUsed * RUN_BYTES + this.#spanIds.bytesHeld;
  }

  /** The slot of the trace whose id stands at this place, or NO_SLOT. */
  find(bytes: Uint8Array, at: number): number {
    return this.#table.find(bytes, at);
  }

  /** A slot for the trace of this row, which has none yet and is not added. */
  add(batch: HeldBatch, row: number, nowMs: number): number {
    const slot = this.#table.addAt(batch.bytes, columnAt(batch, row, Column.traceIdAt));
    if (slot >= this.#firstSeenMs.length) this.#grow();
    const fields = slot * FIELDS;
    this.#fields[fields + Field.spanCount] = 0;
    this.#fields[fields + Field.firstRun] = NO_RUN;
    this.#fields[fields + Field.lastRun] = NO_RUN;
    this.#firstSeenMs[slot] = nowMs;
    this.#rootSeenMs[slot] = Number.NaN;
    this.#spanIds.begin(slot);
    return slot;
  }

  /** False where its span is there already. */
  addRow(slot: number, batch: HeldBatch, row: number): boolean {
    const fields = this.#fields;
    const at = slot * FIELDS;
    const spanCount = fields[at + Field.spanCount] as number;
    const high = columnAt(batch, row, Column.spanIdHigh);
    const low = columnAt(batch, row, Column.spanIdLow);
    if (this.#spanIds.has(slot, high, low)) return false;
    this.#spanIds.add(slot, spanCount, high, low);
    const lastRun = fields[at + Field.lastRun] as number;
    if (lastRun !== NO_RUN && this.#runs[lastRun * RUN_FIELDS + RunField.batch] === batch.index)
      batch.numbers[(fields[at + Field.lastRow] as number) * COLUMNS + Column.next] = row;
    else this.#addRun(at, batch, row);
    batch.numbers[row * COLUMNS + Column.next] = NO_ROW;
    fields[at + Field.lastRow] = row;
    fields[at + Field.spanCount] = spanCount + 1;
    return true;
  }

  /** The trace no longer holds its batches, and its slot is free for another. */
  delete(slot: number): void {
    let run = this.#fields[slot * FIELDS + Field.firstRun] as number;
    while (run !== NO_RUN) {
      const at = run * RUN_FIELDS;
      const next = this.#runs[at + RunField.next] as number;
      this.#held.giveBack(this.#held.at(this.#runs[at + RunField.batch] as number));
      this.#runs[at + RunField.batch] = this.#firstFreeRun;
      this.#firstFreeRun = run;
      this.#runsUsed--;
      run = next;
    }
    this.#spanIds.end(slot);
    this.#table.delete(slot);
  }

  spanCount(slot: number): number {
    return this.#fields[slot * FIELDS + Field.spanCount] as number;
  }

  firstSeenMs(slot: number): number {
    return this.#firstSeenMs[slot] as number;
  }

  /** NaN where no root has arrived. */
  rootSeenMs(slot: number): number {
    return this.#rootSeenMs[slot] as number;
  }

  setRootSeen(slot: number, nowMs: number): void {
    this.#rootSeenMs[slot] = nowMs;
  }

  /** One of the four words of its id. */
  idWord(slot: number, word: number): number {
    return this.#table.wordAt(slot, word);
  }

  /** Whether the span with this id, of which these are the halves, has arrived. */
  hasSpanId(slot: number, high: number, low: number): boolean {
    return this.#spanIds.has(slot, high, low);
  }

  /** The same by a walk over the spans. Without a closure: it is asked for almost every span. */
  hasSpanIdByWalk(slot: number, high: number, low: number): boolean {
    let run = this.#fields[slot * FIELDS + Field.firstRun] as number;
    while (run !== NO_RUN) {
      const { numbers } = this.#held.at(this.#runs[run * RUN_FIELDS + RunField.batch] as number);
      let row = this.#runs[run * RUN_FIELDS + RunField.firstRow] as number;
      while (row !== NO_ROW) {
        const at = row * COLUMNS;
        if (numbers[at + Column.spanIdLow] === low && numbers[at + Column.spanIdHigh] === high) return true;
        row = numbers[at + Column.next] as number;
      }
      run = this.#runs[run * RUN_FIELDS + RunField.next] as number;
    }
    return false;
  }

  /** Whether any span matches, asked in the order of arrival. */
  hasSpan(slot: number, isMatch: (batch: HeldBatch, row: number) => boolean): boolean {
    let run = this.#fields[slot * FIELDS + Field.firstRun] as number;
    while (run !== NO_RUN) {
      const at = run * RUN_FIELDS;
      const batch = this.#held.at(this.#runs[at + RunField.batch] as number);
      for (let row = this.#runs[at + RunField.firstRow] as number; row !== NO_ROW;) {
        if (isMatch(batch, row)) return true;
        row = columnAt(batch, row, Column.next);
      }
      run = this.#runs[at + RunField.next] as number;
    }
    return false;
  }

  /** By a loop of its own: it is called several times for each trace, and a closure around `look` would be called for each span. */
  forEachSpan(slot: number, look: (batch: HeldBatch, row: number) => void): void {
    let run = this.#fields[slot * FIELDS + Field.firstRun] as number;
    while (run !== NO_RUN) {
      const at = run * RUN_FIELDS;
      const batch = this.#held.at(this.#runs[at + RunField.batch] as number);
      for (let row = this.#runs[at + RunField.firstRow] as number; row !== NO_ROW;) {
        look(batch, row);
        row = columnAt(batch, row, Column.next);
      }
      run = this.#runs[at + RunField.next] as number;
    }
  }

  #addRun(fieldsAt: number, batch: HeldBatch, row: number): void {
    const run = this.#takeRun();
    const at = run * RUN_FIELDS;
    this.#runs[at + RunField.batch] = batch.index;
    this.#runs[at + RunField.firstRow] = row;
    this.#runs[at + RunField.next] = NO_RUN;
    const lastRun = this.#fields[fieldsAt + Field.lastRun] as number;
    if (lastRun === NO_RUN) this.#fields[fieldsAt + Field.firstRun] = run;
    else this.#runs[lastRun * RUN_FIELDS + RunField.next] = run;
    this.#fields[fieldsAt + Field.lastRun] = run;
    this.#runsUsed++;
    batch.uses++;
  }

  #takeRun(): number {
    const free = this.#firstFreeRun;
    if (free !== NO_RUN) {
      this.#firstFreeRun = this.#runs[free * RUN_FIELDS + RunField.batch] as number;
      return free;
    }
    if (this.#runsEver * RUN_FIELDS === this.#runs.length) this.#runs = grown(this.#runs, this.#runs.length * 2);
    return this.#runsEver++;
  }

  #grow(): void {
    this.#fields = grown(this.#fields, this.#table.capacity * FIELDS);
    this.#firstSeenMs = grown(this.#firstSeenMs, this.#table.capacity);
    this.#rootSeenMs = grown(this.#rootSeenMs, this.#table.capacity);
  }
}
