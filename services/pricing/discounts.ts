/** A rule of the house about discounts. Of one group at most one may be used; the order of the table is the order of use. */
export interface Discount {
  name: string;
  group: string;
  /** Taken off what is left by then: a share, or an amount. */
  percent?: number;
  cents?: number;
  /** Only while at least this much is left. */
  fromCents?: number;
  /** Only for users of this tier. */
  tier?: string;
}

export const DISCOUNTS: readonly Discount[] = [
  { name: 'gold member', group: 'member', percent: 9, tier: 'gold' },
  { name: 'plus member', group: 'member', percent: 5, tier: 'plus' },
  { name: 'autumn', group: 'season', percent: 4 },
  { name: 'last of the season', group: 'season', percent: 6, fromCents: 4000 },
  { name: 'rainy day', group: 'weather', cents: 60 },
  { name: 'sunny day', group: 'weather', percent: 1 },
  { name: 'web shop', group: 'channel', percent: 2 },
  { name: 'no paper invoice', group: 'invoice', cents: 35 },
  { name: 'pick-up station', group: 'delivery', cents: 90, fromCents: 1000 },
  { name: 'slow delivery', group: 'delivery', percent: 2 },
  { name: 'bulky goods', group: 'size', cents: 240, fromCents: 7000 },
  { name: 'small goods', group: 'size', percent: 1 },
  { name: 'supplier, spring', group: 'supplier', percent: 3, fromCents: 3000 },
  { name: 'supplier, autumn', group: 'supplier', cents: 110, fromCents: 3000 },
  { name: 'round number', group: 'rounding', cents: 9 },
];
