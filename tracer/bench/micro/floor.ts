import type { SpanCase } from './span-case.ts';

/** What no tracer can go below: a span has a start and an end. */
export const FLOOR_CASE: SpanCase = {
  name: 'floor',
  title: 'two clock reads',
  spansEncoded: 0,
  prepare: () => () => performance.now() - performance.now(),
};
