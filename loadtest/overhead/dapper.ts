import type { VariantName } from './variant.ts';

/**
 * Table 2 of Sigelman et al., "Dapper", Google Technical Report dapper-2010-1, section 4.3: average change of a Web
 * search cluster in per cent. Theirs, printed beside ours and never mixed with it: another quantity on another machine.
 */
export const DAPPER_TABLE_2: Readonly<
  Partial<Record<VariantName, { latencyPercent: number; throughputPercent: number }>>
> = {
  '1/1024': { latencyPercent: -0.2, throughputPercent: -0.06 },
  '1/16': { latencyPercent: 2.12, throughputPercent: -0.08 },
  '1/8': { latencyPercent: 4.12, throughputPercent: -0.23 },
  '1/4': { latencyPercent: 6.38, throughputPercent: -0.3 },
  '1/2': { latencyPercent: 9.4, throughputPercent: -0.73 },
  '1/1': { latencyPercent: 16.3, throughputPercent: -1.48 },
};

/** Their experimental errors. A cell of theirs that is smaller than its error shows nothing. */
export const DAPPER_ERROR_PERCENT = { latency: 2.5, throughput: 0.15 } as const;
