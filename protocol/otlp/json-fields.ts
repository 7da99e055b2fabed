import { isRecord, type JsonRecord } from '../json-record.ts';
import { LIMITS } from '../limits.ts';
import { base64Decode } from '../text/base64.ts';

const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const UINT32_MAX = 2 ** 32 - 1;
const INTEGER_DIGITS_MAX = 20;

/**
 * Takes typed fields out of parsed JSON by proto3's rules: absent and null mean the zero value, 64-bit integers come as
 * text or number. The first field of a wrong type ends the reading: `refusal` then names its path, what was got and what
 * is allowed, and everything after it reads as zero.
 */
export class JsonFields {
  refusal: string | undefined;
  #objectsLeft: number = LIMITS.otlpObjectsMax;
  readonly #path: (string | number)[] = [];

  /** The items of a list, each read as an object; `objects` is what one costs of the bound on objects. */
  list<Item>(record: JsonRecord, key: string, read: (item: JsonRecord) => Item, objects = 1): Item[] {
    const value = record[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return this.#refuse(key, 'a list', value, []);
    this.#objectsLeft -= value.length * objects;
    if (this.#objectsLeft < 0) return this.#refuse(key, 'shorter: the request has too many parts', value, []);
    const items: Item[] = [];
    this.#path.push(key);
    for (let index = 0; index < value.length && this.refusal === undefined; index++) {
      items.push(this.#inside(index, value[index], read));
    }
    this.#path.pop();
    return items;
  }

  /** An object that is a map from text to text, counted as a list of its entries. */
  textMap(record: JsonRecord, key: string): [key: string, text: string][] {
    return this.record(record, key, (map) => {
      const keys = Object.keys(map);
      this.#objectsLeft -= keys.length;
      if (this.#objectsLeft < 0) return this.#refuse(key, 'shorter: the request has too many parts', map, []);
      return keys.map((name) => [name, this.text(map, name)]);
    });
  }

  /** An object; one without fields where it is absent. */
  record<Value>(record: JsonRecord, key: string, read: (value: JsonRecord) => Value): Value {
    const value = record[key];
    return this.#inside(key, value === undefined || value === null ? {} : value, read);
  }

  /** The document itself. */
  document<Value>(value: unknown, read: (value: JsonRecord) => Value): Value {
    if (isRecord(value)) return read(value);
    this.refusal ??= `the document should be an object: was ${describe(value)}`;
    return read({});
  }

  text(record: JsonRecord, key: string): string {
    const value = record[key];
    if (typeof value === 'string') return value;
    return value === undefined || value === null ? '' : this.#refuse(key, 'text', value, '');
  }

  bool(record: JsonRecord, key: string): boolean {
    const value = record[key];
    if (typeof value === 'boolean') return value;
    return value === undefined || value === null ? false : this.#refuse(key, 'true or false', value, false);
  }

  uint32(record: JsonRecord, key: string): number {
    const value = this.#integer(record, key);
    if (value >= 0n && value <= UINT32_MAX) return Number(value);
    return this.#refuse(key, 'a whole number from 0 to 4294967295', record[key], 0);
  }

  uint64(record: JsonRecord, key: string): bigint {
    const value = this.#integer(record, key);
    if (value >= 0n && value <= UINT64_MAX) return value;
    return this.#refuse(key, 'a whole number from 0 to 18446744073709551615', record[key], 0n);
  }

  int64(record: JsonRecord, key: string): bigint {
    const value = this.#integer(record, key);
    if (value >= -INT64_MAX - 1n && value <= INT64_MAX) return value;
    return this.#refuse(key, 'a whole number of 64 bits', record[key], 0n);
  }

  /** An enum: integers only, as OTLP asks; the names of standard proto3 JSON are refused. */
  enumCode(record: JsonRecord, key: string): number {
    const value = record[key];
    if (value === undefined || value === null) return 0;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    return this.#refuse(key, "the enum's number (OTLP does not allow names)", value, 0);
  }

  double(record: JsonRecord, key: string): number {
    const value = record[key];
    if (typeof value === 'number') return value;
    const number = typeof value === 'string' ? doubleFromText(value) : undefined;
    return number ?? this.#refuse(key, 'a number, "NaN", "Infinity" or "-Infinity"', value, 0);
  }

  bytes(record: JsonRecord, key: string): Uint8Array {
    const bytes = base64Decode(this.text(record, key));
    return bytes ?? this.#refuse(key, 'base64', record[key], new Uint8Array());
  }

  /** For rules of the messages themselves; `key` says which field breaks it. */
  refuse(key: string, allowed: string, was: string): void {
    this.refusal ??= `${formatPath([...this.#path, key])} should be ${allowed}: was ${was}`;
  }

  #integer(record: JsonRecord, key: string): bigint {
    const value = record[key];
    if (value === undefined || value === null) return 0n;
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
    if (typeof value === 'string' && value.length <= INTEGER_DIGITS_MAX && /^-?\d+$/.test(value)) return BigInt(value);
    return this.#refuse(key, 'a whole number, or one as text', value, 0n);
  }

  #inside<Value>(step: string | number, value: unknown, read: (value: JsonRecord) => Value): Value {
    this.#path.push(step);
    if (!isRecord(value)) this.refusal ??= `${formatPath(this.#path)} should be an object: was ${describe(value)}`;
    const result = read(isRecord(value) ? value : {});
    this.#path.pop();
    return result;
  }

  #refuse<Value>(key: string, allowed: string, got: unknown, zero: Value): Value {
    this.refuse(key, allowed, describe(got));
    return zero;
  }
}

function doubleFromText(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

const SHOWN_LENGTH_MAX = 40;

function describe(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}…`;
}

function formatPath(path: readonly (string | number)[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text.startsWith('.') ? text.slice(1) : text;
}
