import type { TracerName } from '@tracelab/command';

/** The sets of processes that may be alive side by side: two without a tracer, to know the noise, and one for each tracer. */
export type SetName = 'none' | 'control' | 'api' | 'lab' | 'otel';

export const TRACER_OF_SET: Readonly<Record<SetName, TracerName>> = {
  none: 'none',
  control: 'none',
  api: 'api',
  lab: 'lab',
  otel: 'otel',
};

export type VariantName = string;

/** A row of a table: which set gets the load, and at which ratio its sampler is set (absent: that set has none to set). */
export interface Variant {
  name: VariantName;
  set: SetName;
  ratio?: number;
}

export const BASELINE: VariantName = 'none';
export const CONTROL: VariantName = 'none (again)';

const UNTRACED: readonly Variant[] = [
  { name: BASELINE, set: 'none' },
  { name: CONTROL, set: 'control' },
];

/** What is compared: the lab's tracer at many rates with no tracer (`overhead`), or tracers with each other (`hop`). */
export const COMPARISONS = {
  /** In the order of the table. Rates as in Dapper's Table 2, sparse to dense. */
  rates: [
    ...UNTRACED,
    { name: '1/1024', set: 'lab', ratio: 1 / 1024 },
    { name: '1/16', set: 'lab', ratio: 1 / 16 },
    { name: '1/8', set: 'lab', ratio: 1 / 8 },
    { name: '1/4', set: 'lab', ratio: 1 / 4 },
    { name: '1/2', set: 'lab', ratio: 1 / 2 },
    { name: '1/1', set: 'lab', ratio: 1 },
  ],
  tracers: [
    ...UNTRACED,
    { name: 'api', set: 'api' },
    { name: 'lab 1/1024', set: 'lab', ratio: 1 / 1024 },
    { name: 'lab 1/16', set: 'lab', ratio: 1 / 16 },
    { name: 'lab 1/1', set: 'lab', ratio: 1 },
    { name: 'otel 1/1024', set: 'otel', ratio: 1 / 1024 },
    { name: 'otel 1/16', set: 'otel', ratio: 1 / 16 },
    { name: 'otel 1/1', set: 'otel', ratio: 1 },
  ],
} as const satisfies Record<string, readonly Variant[]>;

export type ComparisonName = keyof typeof COMPARISONS;
export const COMPARISON_NAMES: readonly ComparisonName[] = ['rates', 'tracers'];

/**
 * The blocks of a round, before they are put in random order. Every set gets as many as the set with the most rates, shared
 * out among its own. A set that gets load more often stays warmer: with six blocks for the tracer and three for each set
 * without, 1/1024 came out 15 to 25 µs *below* none. More blocks of `none` are not wasted: its noise is in every comparison.
 */
export function roundOf(variants: readonly Variant[]): Variant[] {
  const bySet = Map.groupBy(variants, ({ set }) => set);
  const blocksOfSet = Math.max(...[...bySet.values()].map(({ length }) => length));
  return variants.flatMap((variant) => {
    const variantsOfSet = bySet.get(variant.set)?.length ?? 1;
    return Array.from({ length: Math.round(blocksOfSet / variantsOfSet) }, () => variant);
  });
}
