import type { SpanNode } from './tree.ts';

/**
 * Nanoseconds in which the span was open and none of its children was: its duration minus the union (not the sum) of the
 * children's intervals, clipped to the span. Never negative; at most the duration.
 */
export function selfTimeNano(node: SpanNode): bigint {
  const { startTimeUnixNano: start, endTimeUnixNano: end } = node.span;
  let selfNano = 0n;
  let coveredUntil = start;
  // Children are sorted by start, so that one sweep sees every gap.
  for (const { span: child } of node.children) {
    const childStart = child.startTimeUnixNano < end ? child.startTimeUnixNano : end;
    if (childStart > coveredUntil) selfNano += childStart - coveredUntil;
    if (child.endTimeUnixNano > coveredUntil) coveredUntil = child.endTimeUnixNano;
  }
  return end > coveredUntil ? selfNano + end - coveredUntil : selfNano;
}
