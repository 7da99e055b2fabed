/** What a product costs before any discount, and what it must not be sold below. */
export interface ListPrice {
  sku: string;
  listCents: number;
  floorCents: number;
}

export const CURRENCY = 'EUR';

export const PRICE_LIST: readonly ListPrice[] = [
  { sku: 'mug', listCents: 1290, floorCents: 700 },
  { sku: 'teapot', listCents: 3490, floorCents: 2100 },
  { sku: 'kettle', listCents: 4990, floorCents: 3200 },
  { sku: 'lamp', listCents: 7900, floorCents: 5200 },
  { sku: 'notebook', listCents: 890, floorCents: 450 },
  { sku: 'backpack', listCents: 12_900, floorCents: 8800 },
  { sku: 'umbrella', listCents: 4590, floorCents: 2700 },
  { sku: 'moon-rock', listCents: 19_900, floorCents: 17_500 },
];
