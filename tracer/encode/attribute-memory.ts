import type { StoredValue } from '../span/attribute-bag.ts';

/** The last value of a key and its KeyValue as bytes: length and body, without the tag, which spans and events differ in. */
interface Remembered {
  key: string;
  value: StoredValue;
  bytes: Uint8Array;
  missesInARow: number;
}

/** A library writes few keys; more than these are encoded anew each time. */
const KEYS_MAX = 256;
const BYTES_MAX = 128;
/** A key whose value changes with every span is not copied into the memory at each of them. */
const MISSES_BEFORE_REPLACED = 16;

/**
 * The bytes of the last value of each attribute key of one library. Most attributes say the same again and again (method,
 * scheme, host, status, table): those are copied in one piece, a third of the cost of encoding two texts.
 */
export class AttributeMemory {
  /** What stood at each place of the last list: a library writes its keys in the same order, and looking here needs no hash. */
  readonly #atIndex: Remembered[] = [];
  readonly #byKey = new Map<string, Remembered>();

  /** The bytes of `key: value`, the `index`-th of its list, where it is what this key had before. */
  recall(index: number, key: string, value: StoredValue): Uint8Array | undefined {
    const expected = this.#atIndex[index];
    const known = expected?.key === key ? expected : this.#byKey.get(key);
    if (known === undefined) return undefined;
    this.#atIndex[index] = known;
    const isSame = known.value === value;
    known.missesInARow = isSame ? 0 : known.missesInARow + 1;
    return isSame ? known.bytes : undefined;
  }

  /** Whether what is encoded now, after a recall in vain, shall be kept. Lists are not: they are compared by identity. */
  isWorthKeeping(key: string, value: StoredValue, byteCount: number): boolean {
    if (typeof value === 'object' || byteCount > BYTES_MAX) return false;
    const known = this.#byKey.get(key);
    return known === undefined ? this.#byKey.size < KEYS_MAX : known.missesInARow >= MISSES_BEFORE_REPLACED;
  }

  keep(key: string, given: StoredValue, bytes: Uint8Array): void {
    const value = typeof given === 'string' ? internalized(given) : given;
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, { key, value, bytes, missesInARow: 0 });
    else Object.assign(known, { value, bytes, missesInARow: 0 });
  }
}

/**
 * The same text as V8 holds property names, once for each text: a text that was cut out of a longer one keeps all of that
 * alive, this one does not; and an application's constants are such already, so that comparing them is comparing addresses.
 */
function internalized(text: string): string {
  return Object.keys({ [text]: undefined })[0] ?? text;
}
