import type { StoredValue } from '../span/attribute-bag.ts';
import type { OtlpBytes } from './otlp-bytes.ts';

/** The last value of a key, and where its field lies: tag, length and KeyValue. */
interface Remembered {
  readonly key: string;
  value: StoredValue;
  start: number;
  end: number;
  missesInARow: number;
  /** The attribute that came behind this one last time. */
  next: Remembered | undefined;
  /** The fields from this one on that were last copied in one piece. */
  run: { readonly end: number; readonly bytes: Uint8Array } | undefined;
}

const BYTES_MAX = 8 * 1024;
const FIELD_BYTES_MAX = 128;
/** A key whose value changes with every span is not copied into the memory at each of them. */
const MISSES_BEFORE_REPLACED = 16;

/**
 * The encoded fields of the last value of each attribute key of one library. Most attributes say the same again and again
 * (method, scheme, host, status, table), and a library writes its keys in the same order: what repeats lies one behind the
 * other here, and is found by following `next`, without a hash, and copied in one piece, a sixth of the cost of encoding it.
 *
 *     fields  | method=GET | scheme=http | host=a |  path=/x  | status=200 | path=/y |
 *     nodes       method ──────► scheme ────► host ────► path ──────► status
 *                 └───────── one run ──────────┘          └ replaced: /y lies at the end, a run of its own
 *
 * Bounded in bytes. Full of what was replaced, it forgets all and learns anew; full of keys, it takes no more.
 */
export class AttributeMemory {
  /** Of the field: spans, events and links have their attributes under different ones. */
  readonly tag: number;
  readonly #byKey = new Map<string, Remembered>();
  readonly #beforeFirst = remembered('');
  #last = this.#beforeFirst;
  #fields = new Uint8Array(0);
  #length = 0;
  #replacedBytes = 0;

  constructor(tag: number) {
    this.tag = tag;
  }

  /** Writes the attributes from `index` on that are what their keys had before and lie together; returns the index behind them. */
  copyKnown(bytes: OtlpBytes, entries: readonly StoredValue[], index: number): number {
    if (index === 0) this.#last = this.#beforeFirst;
    const first = this.#find(entries[index] as string);
    if (first === undefined) return index;
    if (first.value !== entries[index + 1]) {
      first.missesInARow++;
      return index;
    }
    let last = first;
    let behind = index + 2;
    for (let next = last.next; next?.start === last.end; next = last.next) {
      if (next.key !== entries[behind] || next.value !== entries[behind + 1]) break;
      last.missesInARow = 0;
      last = next;
      behind += 2;
    }
    last.missesInARow = 0;
    this.#last = last;
    bytes.raw(first.run?.end === last.end ? first.run.bytes : this.#runOf(first, last.end));
    return behind;
  }

  /** Whether what is encoded now, after it was looked for in vain, shall be kept. Lists are not: they are compared by identity. */
  isWorthKeeping(key: string, value: StoredValue, byteCount: number): boolean {
    if (typeof value === 'object' || byteCount > FIELD_BYTES_MAX) return false;
    const known = this.#byKey.get(key);
    if (known !== undefined && known.missesInARow < MISSES_BEFORE_REPLACED) return false;
    if (this.#length + byteCount <= BYTES_MAX) return true;
    if (this.#replacedBytes < BYTES_MAX / 2) return false;
    this.#forget();
    return true;
  }

  /** Only what is worth it. */
  keep(key: string, given: StoredValue, field: Uint8Array): void {
    const value = typeof given === 'string' ? internalized(given) : given;
    const known = this.#byKey.get(key) ?? this.#learn(key);
    this.#replacedBytes += known.end - known.start;
    if (this.#fields.length === 0) this.#fields = new Uint8Array(BYTES_MAX);
    this.#fields.set(field, this.#length);
    const start = this.#length;
    this.#length += field.length;
    Object.assign(known, { value, start, end: this.#length, missesInARow: 0, run: undefined });
  }

  #learn(key: string): Remembered {
    const known = remembered(key);
    this.#byKey.set(key, known);
    this.#last.next = known;
    return (this.#last = known);
  }

  #find(key: string): Remembered | undefined {
    const before = this.#last;
    if (before.next?.key !== key) {
      const known = this.#byKey.get(key);
      if (known === undefined) return undefined;
      before.next = known;
    }
    return (this.#last = before.next);
  }

  #runOf(first: Remembered, end: number): Uint8Array {
    const bytes = this.#fields.subarray(first.start, end);
    first.run = { end, bytes };
    return bytes;
  }

  #forget(): void {
    this.#byKey.clear();
    this.#beforeFirst.next = undefined;
    this.#last = this.#beforeFirst;
    this.#length = 0;
    this.#replacedBytes = 0;
  }
}

function remembered(key: string): Remembered {
  return { key, value: '', start: -1, end: -1, missesInARow: 0, next: undefined, run: undefined };
}

/**
 * The same text as V8 holds property names, once for each text: a text that was cut out of a longer one keeps all of that
 * alive, this one does not; and an application's constants are such already, so that comparing them is comparing addresses.
 */
function internalized(text: string): string {
  return Object.keys({ [text]: undefined })[0] ?? text;
}
