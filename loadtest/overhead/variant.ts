import type { TracerName } from '@tracelab/command';

/** A set of processes that is alive side by side with the others: two without a tracer, to know the noise, and one for each thing compared. */
export type SetName = string;

export type VariantName = string;

/** A row of a table. All variants of a set are its processes, switched. */
export interface Variant {
  name: VariantName;
  set: SetName;
  /** What is loaded before its processes; absent where a service of somebody else brings its own. */
  tracer?: TracerName;
  /** How its sampler is set, or what its service keeps; absent: there is no sampler, and traces are not expected. */
  ratio?: number;
  /** A known cost that each request burns on purpose: without a tracer all that the row should find, with one a part of it. */
  injectedUs?: number;
  /** A cost that its running processes are told to burn from now on. */
  switchedUs?: number;
}

export const BASELINE: VariantName = 'none';
export const CONTROL: VariantName = 'none (again)';

/** The baseline and its control: what every table begins with. */
export const UNTRACED_VARIANTS: readonly Variant[] = [
  { name: BASELINE, set: 'none', tracer: 'none' },
  { name: CONTROL, set: 'control', tracer: 'none' },
];

/** Dapper's Table 2, sparse to dense; before them the request that pays although nobody keeps it. */
const RATES: readonly { name: string; ratio: number }[] = [
  { name: 'unsampled', ratio: 0 },
  { name: '1/1024', ratio: 1 / 1024 },
  { name: '1/16', ratio: 1 / 16 },
  { name: '1/8', ratio: 1 / 8 },
  { name: '1/4', ratio: 1 / 4 },
  { name: '1/2', ratio: 1 / 2 },
  { name: '1/1', ratio: 1 },
];

/** The table of `overhead` in its order: no tracer, the bare API, the lab's tracer at all rates. */
export const RATE_VARIANTS: readonly Variant[] = [
  ...UNTRACED_VARIANTS,
  { name: 'API only', set: 'api', tracer: 'api' },
  ...RATES.map(({ name, ratio }): Variant => ({ name, set: 'lab', tracer: 'lab', ratio })),
];

/** Beside them with `--tracer otel`: the official SDK at the same rates. */
export const SDK_VARIANTS: readonly Variant[] = RATES.map(({ name, ratio }): Variant => ({
  name: `otel ${name}`,
  set: 'otel',
  tracer: 'otel',
  ratio,
}));

/** Tracers with each other at three rates: the table of `hop`. */
export const TRACER_VARIANTS: readonly Variant[] = [
  ...UNTRACED_VARIANTS,
  { name: 'api', set: 'api', tracer: 'api' },
  ...(['lab', 'otel'] as const).flatMap((tracer) =>
    RATES.filter(({ name }) => ['1/1024', '1/16', '1/1'].includes(name)).map(({ name, ratio }): Variant => ({
      name: `${tracer} ${name}`,
      set: tracer,
      tracer,
      ratio,
    })),
  ),
];

/** No tracer, and a known cost in each request: what the table finds is held against it. */
export function injectedVariant(injectedUs: number): Variant {
  const name = `none + ${injectedUs} µs`;
  return { name, set: name, tracer: 'none', injectedUs };
}

/** The same cost switched on and off in processes that go on running: what it really costs them, without the noise of starts. */
export function switchedVariants(injectedUs: number): Variant[] {
  return [0, injectedUs].map((switchedUs): Variant => ({
    name: `switched to ${switchedUs} µs`,
    set: 'switched',
    tracer: 'none',
    switchedUs,
  }));
}

/** The lab's tracer as if it were slower by so much: a run that `compare` should tell from others. */
export function slowedBy(injectedUs: number, variants: readonly Variant[]): Variant[] {
  return variants.map((variant) => (variant.tracer === 'lab' ? { ...variant, injectedUs } : variant));
}

/** What is compared, which decides the columns: one tracer at many rates, tracers with each other, or a service of somebody else. */
export const COMPARISON_NAMES = ['rates', 'tracers', 'service'] as const;
export type ComparisonName = (typeof COMPARISON_NAMES)[number];

/** Of a result that does not name its variants, as the first ones did not. */
export function variantsOf(comparison: ComparisonName): readonly Variant[] {
  return comparison === 'tracers' ? TRACER_VARIANTS : RATE_VARIANTS;
}

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
