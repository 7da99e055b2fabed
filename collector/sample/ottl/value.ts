import type { AnyValue } from '@tracelab/protocol';

/** What an expression yields: bigint is an int64, number a double, null is nil. */
export type OttlValue = AnyValue | Duration | Instant;

export class Duration {
  readonly ns: bigint;

  constructor(ns: bigint) {
    this.ns = ns;
  }
}

export class Instant {
  readonly unixNs: bigint;

  constructor(unixNs: bigint) {
    this.unixNs = unixNs;
  }
}

export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * contrib's rules (pkg/ottl/compare.go): values of different types are unequal and nothing else, but int64 and double compare as
 * numbers; nil equals nil. Lists, maps and bytes are unequal to everything here.
 */
export function compare(left: OttlValue, operator: Comparison, right: OttlValue): boolean {
  if (left === null && right === null) return operator === '==' || operator === '<=' || operator === '>=';
  const order = orderOf(left, right);
  return order === undefined ? operator === '!=' : HOLDS[operator](order);
}

const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Below 0 where the left is smaller, NaN where a number is none; undefined where they cannot be compared. */
function orderOf(left: OttlValue, right: OttlValue): number | undefined {
  if (left instanceof Duration && right instanceof Duration) return order(left.ns, right.ns);
  if (left instanceof Instant && right instanceof Instant) return order(left.unixNs, right.unixNs);
  if (isNumeric(left) && isNumeric(right)) return orderNumbers(left, right);
  return orderScalars(left, right);
}

function orderNumbers(left: number | bigint, right: number | bigint): number {
  return typeof left === typeof right ? order(left, right) : order(Number(left), Number(right));
}

function orderScalars(left: OttlValue, right: OttlValue): number | undefined {
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return typeof left === 'boolean' && typeof right === 'boolean' ? Number(left) - Number(right) : undefined;
}

function order(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : Number.NaN;
}

function isNumeric(value: OttlValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Undefined where the two cannot be added (math.go): an error there, whatever is compared with it. */
export function add(left: OttlValue, sign: 1 | -1, right: OttlValue): OttlValue | undefined {
  if (isNumeric(left) && isNumeric(right)) return addNumbers(left, sign, right);
  const rightNs = nsOf(right);
  if (left instanceof Duration && right instanceof Duration) return new Duration(left.ns + BigInt(sign) * rightNs);
  if (!(left instanceof Instant)) return undefined;
  if (right instanceof Duration) return new Instant(left.unixNs + BigInt(sign) * rightNs);
  return right instanceof Instant && sign === -1 ? new Duration(left.unixNs - rightNs) : undefined;
}

function addNumbers(left: number | bigint, sign: 1 | -1, right: number | bigint): number | bigint {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, left + BigInt(sign) * right);
  return Number(left) + sign * Number(right);
}

function nsOf(value: OttlValue): bigint {
  if (value instanceof Duration) return value.ns;
  return value instanceof Instant ? value.unixNs : 0n;
}
