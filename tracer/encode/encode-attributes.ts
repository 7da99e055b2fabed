import type { AttributeBag, StoredValue } from '../span/attribute-bag.ts';
import type { SpanBytes } from './span-bytes.ts';
import { TAG } from './tags.ts';

/** Writes each attribute as a KeyValue field. Safe integers become int64, other numbers double; a list of numbers is all of one kind. */
export function encodeAttributes(bytes: SpanBytes, tag: number, attributes: AttributeBag): void {
  const { keys, values } = attributes;
  for (let index = 0; index < keys.length; index++) {
    const mark = bytes.open(tag);
    bytes.text(TAG.keyValue.key, keys[index] ?? '');
    const valueMark = bytes.open(TAG.keyValue.value);
    encodeValue(bytes, values[index] ?? '');
    bytes.close(valueMark);
    bytes.close(mark);
  }
}

function encodeValue(bytes: SpanBytes, value: StoredValue): void {
  if (typeof value === 'object') encodeList(bytes, value);
  else encodeScalar(bytes, value, false);
}

function encodeScalar(bytes: SpanBytes, value: string | number | boolean, isDoubleAlways: boolean): void {
  if (typeof value === 'string') bytes.text(TAG.anyValue.string, value);
  else if (typeof value === 'boolean') bytes.varint(TAG.anyValue.bool, value ? 1 : 0);
  else if (Number.isSafeInteger(value) && !isDoubleAlways) bytes.int64(TAG.anyValue.int, value);
  else bytes.double(TAG.anyValue.double, value);
}

/** A null element keeps its place as an empty value. */
function encodeList(bytes: SpanBytes, list: readonly (string | number | boolean | null)[]): void {
  const hasFraction = list.some((item) => typeof item === 'number' && !Number.isSafeInteger(item));
  const mark = bytes.open(TAG.anyValue.array);
  for (const item of list) {
    const itemMark = bytes.open(TAG.list.values);
    if (item !== null) encodeScalar(bytes, item, hasFraction);
    bytes.close(itemMark);
  }
  bytes.close(mark);
}
