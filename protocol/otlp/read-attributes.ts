import { LIMITS } from '../limits.ts';
import type { ProtobufReader } from '../protobuf/reader.ts';
import { WireType } from '../protobuf/wire-type.ts';
import { OTLP_FIELDS } from './fields.ts';
import type { AnyValue, KeyValue } from './trace.ts';

const KEY_VALUE = OTLP_FIELDS.keyValue;
const ANY = OTLP_FIELDS.anyValue;
const VALUES = OTLP_FIELDS.list.values;

/** Reads the KeyValue just found and puts it behind the others. */
export function readKeyValueInto(reader: ProtobufReader, keyValues: KeyValue[]): void {
  keyValues.push(readKeyValue(reader, 0));
}

function readKeyValue(reader: ProtobufReader, depth: number): KeyValue {
  const keyValue: KeyValue = { key: '', value: null };
  const end = reader.enter();
  while (reader.next()) {
    if (reader.wireType !== WireType.lengthDelimited) continue;
    if (reader.field === KEY_VALUE.key) keyValue.key = reader.text;
    else if (reader.field === KEY_VALUE.value) keyValue.value = readAnyValue(reader, keyValue.value, depth);
  }
  reader.leave(end);
  return keyValue;
}

interface ValueRule {
  wireType: WireType;
  read: (reader: ProtobufReader, earlier: AnyValue, depth: number) => AnyValue;
}

/** AnyValue is a oneof: the last field wins, and a list that comes twice is one list (proto3 merging). */
const VALUE_RULES: Readonly<Record<number, ValueRule>> = {
  [ANY.string]: { wireType: WireType.lengthDelimited, read: (reader) => reader.text },
  [ANY.bool]: { wireType: WireType.varint, read: (reader) => reader.isTrue },
  [ANY.int]: { wireType: WireType.varint, read: (reader) => reader.varintSigned },
  [ANY.double]: { wireType: WireType.fixed64, read: (reader) => reader.double },
  [ANY.array]: { wireType: WireType.lengthDelimited, read: readArray },
  [ANY.keyValues]: { wireType: WireType.lengthDelimited, read: readKeyValueList },
  [ANY.bytes]: { wireType: WireType.lengthDelimited, read: (reader) => reader.bytes.slice() },
};

function readAnyValue(reader: ProtobufReader, earlier: AnyValue, depth: number): AnyValue {
  let value = earlier;
  const end = reader.enter();
  while (reader.next()) {
    const rule = VALUE_RULES[reader.field];
    if (rule !== undefined && rule.wireType === reader.wireType) value = rule.read(reader, value, depth);
  }
  reader.leave(end);
  return value;
}

function readArray(reader: ProtobufReader, earlier: AnyValue, depth: number): AnyValue {
  const values: AnyValue[] = Array.isArray(earlier) ? earlier : [];
  eachListItem(reader, depth, () => {
    values.push(readAnyValue(reader, null, depth + 1));
  });
  return values;
}

function readKeyValueList(reader: ProtobufReader, earlier: AnyValue, depth: number): AnyValue {
  const list = isKeyValueList(earlier) ? earlier : { keyValues: [] };
  eachListItem(reader, depth, () => {
    list.keyValues.push(readKeyValue(reader, depth + 1));
  });
  return list;
}

function eachListItem(reader: ProtobufReader, depth: number, readItem: () => void): void {
  if (depth >= LIMITS.anyValueDepthMax) {
    reader.fail(`attribute values should be nested at most ${LIMITS.anyValueDepthMax} deep`);
    return;
  }
  const end = reader.enter();
  while (reader.next()) {
    const isItem = reader.field === VALUES && reader.wireType === WireType.lengthDelimited;
    if (isItem && reader.spendObjects(1)) readItem();
  }
  reader.leave(end);
}

export function isKeyValueList(value: AnyValue): value is { keyValues: KeyValue[] } {
  return typeof value === 'object' && value !== null && 'keyValues' in value;
}
