import { attempt } from './attempt.ts';

/** A value that passed the checks: a text, a boolean, a number, or a list of one of these (null elements allowed). */
export type StoredValue = string | number | boolean | readonly (string | number | boolean | null)[];

export interface AttributeLimits {
  countMax: number;
  /** Longer texts are cut, elements of lists too. Infinity: no limit. */
  valueLengthMax: number;
}

/**
 * The attributes of a span, an event or a link, in order of arrival; a repeated key replaces its value. At the limit a
 * new key is dropped and counted. What is not a legal attribute is ignored, as the specification asks, and not counted.
 */
export class AttributeBag {
  /** Key, value, key, value: one array for each span, not two. */
  readonly entries: StoredValue[] = [];
  droppedCount = 0;
  readonly #limits: AttributeLimits;

  constructor(limits: AttributeLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.entries.length / 2;
  }

  set(key: string, value: unknown): void {
    if (typeof key !== 'string' || key === '') return;
    const stored = storedValue(value, this.#limits.valueLengthMax);
    if (stored === undefined) return;
    const { entries } = this;
    for (let index = 0; index < entries.length; index += 2) {
      if (entries[index] === key) {
        entries[index + 1] = stored;
        return;
      }
    }
    this.#append(key, stored);
  }

  /** Plain JavaScript passes anything: what is no object holds no attributes, and what throws as it is read no more of them. */
  setAll(attributes: unknown): void {
    if (typeof attributes !== 'object' || attributes === null) return;
    const isFirst = this.entries.length === 0;
    const source = attributes as Readonly<Record<string, unknown>>;
    try {
      // Object.keys makes one object more for each span; Object.hasOwn costs 14 ns a key, since V8 does not know it to be true here.
      for (const key in source) {
        if (!Object.prototype.hasOwnProperty.call(source, key)) continue;
        if (isFirst) this.#appendNew(key, source[key]);
        else this.set(key, source[key]);
      }
    } catch {
      // A getter or a proxy of the application.
    }
  }

  /** An object has no key twice: nothing to look for where it is the first. */
  #appendNew(key: string, value: unknown): void {
    const stored = storedValue(value, this.#limits.valueLengthMax);
    if (stored !== undefined && key !== '') this.#append(key, stored);
  }

  #append(key: string, stored: StoredValue): void {
    if (this.entries.length >= this.#limits.countMax * 2) this.droppedCount++;
    else this.entries.push(key, stored);
  }
}

function storedValue(value: unknown, lengthMax: number): StoredValue | undefined {
  if (typeof value === 'string') return value.length > lengthMax ? value.slice(0, lengthMax) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'object' ? attempt(storedList, value, lengthMax) : undefined;
}

/** Copied, since the caller may go on to change its array; a list of mixed types is not a legal attribute. */
function storedList(list: unknown, lengthMax: number): StoredValue | undefined {
  if (!Array.isArray(list)) return undefined;
  const stored: (string | number | boolean | null)[] = [];
  let elementType = '';
  for (const element of list) {
    if (element === null || element === undefined) {
      stored.push(null);
      continue;
    }
    if (elementType === '') elementType = typeof element;
    if (typeof element !== elementType) return undefined;
    const value = storedValue(element, lengthMax);
    if (value === undefined || typeof value === 'object') return undefined;
    stored.push(value);
  }
  return stored;
}
