/** What stands on the shelves, and how many of each fit on one. */
export interface Shelf {
  sku: string;
  name: string;
  capacity: number;
  /** Below this many the shelf is filled up again. */
  restockBelow: number;
}

export const SHELVES: readonly Shelf[] = [
  { sku: 'mug', name: 'Enamel mug', capacity: 1000, restockBelow: 100 },
  { sku: 'teapot', name: 'Teapot, short and stout', capacity: 400, restockBelow: 100 },
  { sku: 'kettle', name: 'Whistling kettle', capacity: 400, restockBelow: 100 },
  { sku: 'lamp', name: 'Reading lamp', capacity: 300, restockBelow: 50 },
  { sku: 'notebook', name: 'Dotted notebook', capacity: 2000, restockBelow: 200 },
  { sku: 'backpack', name: 'Roll-top backpack', capacity: 300, restockBelow: 50 },
  { sku: 'umbrella', name: 'Storm umbrella', capacity: 500, restockBelow: 100 },
  { sku: 'moon-rock', name: 'Moon rock, certified', capacity: 12, restockBelow: 4 },
];
