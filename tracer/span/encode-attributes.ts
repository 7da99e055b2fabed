import { OTLP_FIELDS } from '@tracelab/protocol';
import type { ProtobufWriter } from '@tracelab/protocol';
import type { AttributeBag, StoredValue } from './attribute-bag.ts';

const KEY_VALUE = OTLP_FIELDS.keyValue;
const ANY = OTLP_FIELDS.anyValue;

/** Safe integers become int64, other numbers double; a list of numbers is all of one kind. */
export function encodeAttributes(writer: ProtobufWriter, field: number, attributes: AttributeBag): void {
  const { keys, values } = attributes;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index];
    const value = values[index];
    if (key === undefined || value === undefined) continue;
    const mark = writer.open(field);
    writer.string(KEY_VALUE.key, key);
    const valueMark = writer.open(KEY_VALUE.value);
    encodeValue(writer, value);
    writer.close(valueMark);
    writer.close(mark);
  }
}

function encodeValue(writer: ProtobufWriter, value: StoredValue): void {
  if (typeof value === 'object') encodeList(writer, value);
  else encodeScalar(writer, value, false);
}

function encodeScalar(writer: ProtobufWriter, value: string | number | boolean, isDoubleAlways: boolean): void {
  if (typeof value === 'string') writer.string(ANY.string, value);
  else if (typeof value === 'boolean') writer.varint(ANY.bool, value ? 1 : 0);
  else if (Number.isSafeInteger(value) && !isDoubleAlways) writer.varint(ANY.int, value);
  else writer.double(ANY.double, value);
}

/** A null element keeps its place as an empty value. */
function encodeList(writer: ProtobufWriter, list: readonly (string | number | boolean | null)[]): void {
  const hasFraction = list.some((item) => typeof item === 'number' && !Number.isSafeInteger(item));
  const mark = writer.open(ANY.array);
  for (const item of list) {
    const itemMark = writer.open(OTLP_FIELDS.list.values);
    if (item !== null) encodeScalar(writer, item, hasFraction);
    writer.close(itemMark);
  }
  writer.close(mark);
}
