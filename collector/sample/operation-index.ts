import { Column, columnAt, kindAt, nameAt, nameEndAt, scopeAt } from '../receive/span-batch.ts';
import type { HeldBatch } from './buffer/held-batches.ts';
import { OperationTable } from './buffer/operation-table.ts';

/** What spans of one kind of a service do, as their name says. */
export interface Operation {
  service: string;
  name: string;
  kind: number;
}

/** Operations that are told apart; those that come later are one. */
const OPERATIONS_MAX = 2000;
export const OVERFLOW_NAME = '(other)';
const OVERFLOW_INDEX = 0;

/** Numbers the operations of spans when they arrive, while their names are in the processor's cache: at the decision they have long left it. */
export class OperationIndex {
  readonly #operationsMax: number;
  readonly #services = new Map<string, OperationTable>();
  /** Of the span before: a request has many of one service. */
  #lastService = '';
  #lastNames: OperationTable | undefined;
  readonly #operations: Operation[] = [{ service: OVERFLOW_NAME, name: OVERFLOW_NAME, kind: 0 }];

  constructor(operationsMax = OPERATIONS_MAX) {
    this.#operationsMax = operationsMax;
  }

  /** By their number; at 0 those that are not told apart. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  indexOf(batch: HeldBatch, row: number): number {
    const service = scopeAt(batch, row).resource.serviceName;
    const names = this.#namesOf(service);
    if (names === undefined) return OVERFLOW_INDEX;
    const start = columnAt(batch, row, Column.nameStart);
    const kind = kindAt(batch, row);
    const known = names.find(batch.bytes, start, nameEndAt(batch, row), kind);
    if (known !== undefined) return known;
    if (this.#isFull) return OVERFLOW_INDEX;
    const index = this.#operations.push({ service, name: nameAt(batch, row), kind }) - 1;
    names.add(Uint8Array.from(batch.bytes.subarray(start, nameEndAt(batch, row))), kind, index);
    return index;
  }

  get #isFull(): boolean {
    return this.#operations.length > this.#operationsMax;
  }

  #namesOf(service: string): OperationTable | undefined {
    if (service === this.#lastService && this.#lastNames !== undefined) return this.#lastNames;
    this.#lastService = service;
    this.#lastNames = this.#services.get(service) ?? this.#addService(service);
    return this.#lastNames;
  }

  #addService(service: string): OperationTable | undefined {
    if (this.#isFull) return undefined;
    const names = new OperationTable();
    this.#services.set(service, names);
    return names;
  }
}
