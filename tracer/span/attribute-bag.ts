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
  readonly keys: string[] = [];
  readonly values: StoredValue[] = [];
  droppedCount = 0;
  readonly #limits: AttributeLimits;

  constructor(limits: AttributeLimits) {
    this.#limits = limits;
  }

  set(key: string, value: unknown): void {
    if (typeof key !== 'string' || key === '') return;
    const stored = storedValue(value, this.#limits.valueLengthMax);
    if (stored === undefined) return;
    const index = this.keys.indexOf(key);
    if (index >= 0) this.values[index] = stored;
    else if (this.keys.length >= this.#limits.countMax) this.droppedCount++;
    else {
      this.keys.push(key);
      this.values.push(stored);
    }
  }

  /** Plain JavaScript passes anything: what is no object holds no attributes. */
  setAll(attributes: unknown): void {
    if (typeof attributes !== 'object' || attributes === null) return;
    for (const [key, value] of Object.entries(attributes)) this.set(key, value);
  }
}

function storedValue(value: unknown, lengthMax: number): StoredValue | undefined {
  if (typeof value === 'string') return value.length > lengthMax ? value.slice(0, lengthMax) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? storedList(value, lengthMax) : undefined;
}

/** Copied, since the caller may go on to change its array; a list of mixed types is not a legal attribute. */
function storedList(list: readonly unknown[], lengthMax: number): StoredValue | undefined {
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
