/** The sets of processes that are alive side by side: two without a tracer, to know the noise, and one with the lab's. */
export type SetName = 'none' | 'control' | 'lab';

export type VariantName = 'none' | 'none (again)' | '1/1024' | '1/16' | '1/8' | '1/4' | '1/2' | '1/1';

/** A row of the table: which set gets the load, and at which ratio its sampler is set (absent: that set has no tracer). */
export interface Variant {
  name: VariantName;
  set: SetName;
  ratio?: number;
}

export const BASELINE: VariantName = 'none';
export const CONTROL: VariantName = 'none (again)';

/** In the order of the table. Rates as in Dapper's Table 2, sparse to dense. */
export const VARIANTS: readonly Variant[] = [
  { name: 'none', set: 'none' },
  { name: 'none (again)', set: 'control' },
  { name: '1/1024', set: 'lab', ratio: 1 / 1024 },
  { name: '1/16', set: 'lab', ratio: 1 / 16 },
  { name: '1/8', set: 'lab', ratio: 1 / 8 },
  { name: '1/4', set: 'lab', ratio: 1 / 4 },
  { name: '1/2', set: 'lab', ratio: 1 / 2 },
  { name: '1/1', set: 'lab', ratio: 1 },
];

/**
 * Blocks in a round of the two sets without a tracer. Three, because the noise of `none` is in every comparison; and of
 * both, because a set that gets load more often may stay warmer, and then the control row would lean to one side.
 */
const UNTRACED_BLOCKS = 3;

/** The blocks of a round, before they are put in random order. */
export const ROUND: readonly Variant[] = VARIANTS.flatMap((variant) =>
  Array.from({ length: variant.ratio === undefined ? UNTRACED_BLOCKS : 1 }, () => variant),
);

export function variantNamed(name: string): Variant | undefined {
  return VARIANTS.find((variant) => variant.name === name);
}
