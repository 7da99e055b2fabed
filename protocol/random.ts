/** A source of uniform numbers in [0, 1) that a seed makes repeatable. Not for ids or secrets. */
export interface Random {
  next(): number;
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, 2018), its state filled from the seed by splitmix32: 128 bits of state, period
 * 2^128 - 1, equal on every machine. A number has 32 random bits. The seed is read as an unsigned 32-bit integer.
 */
export function createRandom(seed: number): Random {
  let filler = seed >>> 0;
  const fill = (): number => {
    filler = (filler + 0x9e37_79b9) | 0;
    let mixed = Math.imul(filler ^ (filler >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return mixed ^ (mixed >>> 15);
  };
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return (result >>> 0) / 4_294_967_296;
  };
  return { next };
}

/** A new list in random order (Fisher and Yates); equal for equal random numbers. */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items];
  for (let left = shuffled.length - 1; left > 0; left--) {
    const other = Math.floor(random.next() * (left + 1));
    const swapped = shuffled[left] as Item;
    shuffled[left] = shuffled[other] as Item;
    shuffled[other] = swapped;
  }
  return shuffled;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
