/** Which bucket of a histogram a value falls into, by upper bounds that belong to their buckets; the last is for what is over all of them. */
export function bucketOf(value: number, bounds: readonly number[]): number {
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket++;
  return bucket;
}
