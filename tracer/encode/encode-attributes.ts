import type { AttributeBag, StoredValue } from '../span/attribute-bag.ts';
import type { AttributeMemory } from './attribute-memory.ts';
import type { OtlpBytes } from './otlp-bytes.ts';
import { TAG } from './tags.ts';

/** Writes each attribute as a KeyValue field. Safe integers become int64, other numbers double; a list of numbers is all of one kind. */
export function encodeAttributes(bytes: OtlpBytes, memory: AttributeMemory, { entries }: AttributeBag): void {
  for (let index = 0; index < entries.length;) {
    const behind = memory.copyKnown(bytes, entries, index);
    if (behind === index) encodeAttribute(bytes, memory, entries[index] as string, entries[index + 1] ?? '');
    index = behind === index ? index + 2 : behind;
  }
}

function encodeAttribute(bytes: OtlpBytes, memory: AttributeMemory, key: string, value: StoredValue): void {
  const start = bytes.length;
  const mark = bytes.open(memory.tag);
  bytes.text(TAG.keyValue.key, key);
  const valueMark = bytes.open(TAG.keyValue.value);
  encodeValue(bytes, value);
  bytes.close(valueMark);
  bytes.close(mark);
  if (memory.isWorthKeeping(key, value, bytes.length - start)) memory.keep(key, value, bytes.copyFrom(start));
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
