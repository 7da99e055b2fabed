/**
 * Table 1 of Sigelman et al., "Dapper", Google Technical Report dapper-2010-1, section 4.2: CPU of the collection daemon, in
 * per cent of one core. Theirs, printed beside ours and never mixed with it: their daemon reads local files, ours samples
 * and stores. The paper writes "K/sec"; kilobytes is the natural reading and not verified.
 */
export const DAPPER_TABLE_1 = {
  '25 x 10 KB/s': { processes: 25, bytesPerSecond: 10_000, corePercent: 0.125 },
  '10 x 200 KB/s': { processes: 10, bytesPerSecond: 200_000, corePercent: 0.267 },
  '50 x 2 KB/s': { processes: 50, bytesPerSecond: 2000, corePercent: 0.13 },
} as const;
