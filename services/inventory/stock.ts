import { DatabaseSync } from 'node:sqlite';
import type { CartLine } from '@tracelab/protocol';
import { ApiError } from '@tracelab/command';
import type { ReservationRequest, StockedProduct } from '../kit/shop/shapes.ts';
import type { Shelf } from './catalogue.ts';

/** Reservations older than the last so many are forgotten: they can no longer be released. */
export const RESERVATIONS_MAX = 10_000;

interface Restock {
  sku: string;
  stock: number;
}

/** The shelves in SQL. Every change is one transaction; node:sqlite is synchronous, so that none interleaves with another. */
export interface Stock {
  list: () => StockedProduct[];
  /**
   * Takes all lines or none. Shelves that would fall below their mark are filled up first and returned, so that only an
   * order larger than a shelf is `out_of_stock`. The same order again changes nothing; a released one is refused.
   */
  reserve: (request: ReservationRequest) => Restock[];
  /** Puts an order back. Idempotent; an order not seen yet is marked, so that it is refused when it comes after all. */
  release: (orderId: string) => boolean;
}

const SCHEMA = `
  CREATE TABLE product (sku TEXT PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0),
    capacity INTEGER NOT NULL, restock_below INTEGER NOT NULL) STRICT;
  CREATE TABLE reservation (number INTEGER PRIMARY KEY AUTOINCREMENT, order_id TEXT NOT NULL UNIQUE,
    lines TEXT NOT NULL, status TEXT NOT NULL) STRICT`;

/** The lines of an order as a table, one row for each sku. */
const WANTED = `(SELECT value ->> 'sku' AS sku, sum(value ->> 'quantity') AS quantity FROM json_each(?) GROUP BY 1)`;

const SQL = {
  list: 'SELECT sku, name, stock FROM product ORDER BY rowid',
  wanted: `SELECT wanted.sku, wanted.quantity, stock, capacity FROM product RIGHT JOIN ${WANTED} AS wanted USING (sku)`,
  restock: `UPDATE product SET stock = capacity FROM ${WANTED} AS wanted
    WHERE product.sku = wanted.sku AND stock - wanted.quantity < restock_below AND stock < capacity
    RETURNING product.sku, product.stock`,
  take: `UPDATE product SET stock = stock - wanted.quantity FROM ${WANTED} AS wanted WHERE product.sku = wanted.sku`,
  // A shelf that was filled up meanwhile has no room for all that comes back.
  putBack: `UPDATE product SET stock = min(capacity, stock + wanted.quantity) FROM ${WANTED} AS wanted
    WHERE product.sku = wanted.sku`,
  find: 'SELECT lines, status FROM reservation WHERE order_id = ?',
  insert: 'INSERT INTO reservation (order_id, lines, status) VALUES (?, ?, ?)',
  forget: 'DELETE FROM reservation WHERE number <= (SELECT max(number) FROM reservation) - ?',
  markReleased: "UPDATE reservation SET status = 'released' WHERE order_id = ?",
  addProduct: 'INSERT INTO product (sku, name, stock, capacity, restock_below) VALUES (?, ?, ?, ?, ?)',
};

export function openStock(shelves: readonly Shelf[]): Stock {
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  const statements = Object.fromEntries(
    Object.entries(SQL).map(([name, text]) => [name, database.prepare(text)]),
  ) as Record<keyof typeof SQL, ReturnType<DatabaseSync['prepare']>>;
  for (const { sku, name, capacity, restockBelow } of shelves) {
    statements.addProduct.run(sku, name, capacity, capacity, restockBelow);
  }

  const addReservation = (orderId: string, lines: string, status: 'reserved' | 'released'): void => {
    statements.insert.run(orderId, lines, status);
    statements.forget.run(RESERVATIONS_MAX);
  };

  const reserve = ({ orderId, lines }: ReservationRequest): Restock[] => {
    const held = statements.find.get(orderId);
    if (held?.['status'] === 'reserved') return [];
    if (held !== undefined)
      throw new ApiError('out_of_stock', `the order ${orderId} was released before it was reserved`);
    const wanted = JSON.stringify(lines);
    refuseWhatDoesNotFit(statements.wanted.all(wanted) as unknown as WantedRow[]);
    const restocked = statements.restock.all(wanted) as unknown as Restock[];
    statements.take.run(wanted);
    addReservation(orderId, wanted, 'reserved');
    return restocked;
  };

  const release = (orderId: string): boolean => {
    const held = statements.find.get(orderId);
    if (held === undefined) addReservation(orderId, '[]', 'released');
    if (held?.['status'] !== 'reserved') return false;
    statements.putBack.run(held['lines'] ?? '[]');
    statements.markReleased.run(orderId);
    return true;
  };

  return {
    list: () => statements.list.all() as unknown as StockedProduct[],
    reserve: (request) => inTransaction(database, () => reserve(request)),
    release: (orderId) => inTransaction(database, () => release(orderId)),
  };
}

interface WantedRow {
  sku: string;
  quantity: CartLine['quantity'];
  stock: number | null;
  capacity: number | null;
}

function refuseWhatDoesNotFit(rows: readonly WantedRow[]): void {
  for (const { sku, quantity, stock, capacity } of rows) {
    if (stock === null || capacity === null) throw new ApiError('unknown_product', `the shop does not sell "${sku}"`);
    if (quantity <= capacity) continue;
    throw new ApiError(
      'out_of_stock',
      `${sku}: ${quantity} wanted, ${stock} in stock; the shelf holds ${capacity} when it is full`,
    );
  }
}

function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
