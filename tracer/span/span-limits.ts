import type { AttributeLimits } from './attribute-bag.ts';

/** Bounds of one span (specification, SDK span limits). What is over them is dropped and its count exported. */
export interface SpanLimits {
  attributes: AttributeLimits;
  eventCountMax: number;
  eventAttributes: AttributeLimits;
  linkCountMax: number;
  linkAttributes: AttributeLimits;
}
