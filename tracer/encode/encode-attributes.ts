import type { AttributeBag, StoredValue } from '../span/attribute-bag.ts';
import type { OtlpBytes } from './otlp-bytes.ts';
import type { ScopeBytes } from './scope-bytes.ts';
import { TAG } from './tags.ts';

/** Writes each attribute as a KeyValue field. Safe integers become int64, other numbers double; a list of numbers is all of one kind. */
export function encodeAttributes(bytes: ScopeBytes, tag: number, attributes: AttributeBag): void {
  const { entries } = attributes;
  for (let index = 0; index < entries.length; index += 2) {
    encodeAttribute(bytes, tag, entries, index);
  }
}

function encodeAttribute(bytes: ScopeBytes, tag: number, entries: readonly StoredValue[], index: number): void {
  const key = entries[index] as string;
  const value = entries[index + 1] ?? '';
  const memory = bytes.attributeMemory;
  const known = memory.recall(index >> 1, key, value);
  if (known !== undefined) {
    bytes.tagged(tag, known);
    return;
  }
  const mark = bytes.open(tag);
  bytes.text(TAG.keyValue.key, key);
  const valueMark = bytes.open(TAG.keyValue.value);
  encodeValue(bytes, value);
  bytes.close(valueMark);
  bytes.close(mark);
  if (memory.isWorthKeeping(key, value, bytes.length - mark)) memory.keep(key, value, bytes.copyFrom(mark));
}

function encodeValue(bytes: OtlpBytes, value: StoredValue): void {
  if (typeof value === 'object') encodeList(bytes, value);
  else encodeScalar(bytes, value, false);
}

function encodeScalar(bytes: OtlpBytes, value: string | number | boolean, isDoubleAlways: boolean): void {
  if (typeof value === 'string') bytes.text(TAG.anyValue.string, value);
  else if (typeof value === 'boolean') bytes.varint(TAG.anyValue.bool, value ? 1 : 0);
  else if (Number.isSafeInteger(value) && !isDoubleAlways) bytes.int64(TAG.anyValue.int, value);
  else bytes.double(TAG.anyValue.double, value);
}

/** A null element keeps its place as an empty value. */
function encodeList(bytes: OtlpBytes, list: readonly (string | number | boolean | null)[]): void {
  const hasFraction = list.some((item) => typeof item === 'number' && !Number.isSafeInteger(item));
  const mark = bytes.open(TAG.anyValue.array);
  for (const item of list) {
    const itemMark = bytes.open(TAG.list.values);
    if (item !== null) encodeScalar(bytes, item, hasFraction);
    bytes.close(itemMark);
  }
  bytes.close(mark);
}
