import { LIMITS } from '../limits.ts';
import type { ProtobufWriter } from '../protobuf/writer.ts';
import { OTLP_FIELDS } from './fields.ts';
import type { AnyValue, KeyValue } from './trace.ts';

const KEY_VALUE = OTLP_FIELDS.keyValue;
const ANY = OTLP_FIELDS.anyValue;
const VALUES = OTLP_FIELDS.list.values;

export function writeKeyValues(writer: ProtobufWriter, field: number, keyValues: readonly KeyValue[]): void {
  for (const keyValue of keyValues) writeKeyValue(writer, field, keyValue);
}

/** Throws a RangeError where the value's lists are nested deeper than LIMITS.anyValueDepthMax, or contain themselves. */
export function writeKeyValue(writer: ProtobufWriter, field: number, keyValue: KeyValue): void {
  writeKeyValueAt(writer, field, keyValue, 0);
}

function writeKeyValueAt(writer: ProtobufWriter, field: number, keyValue: KeyValue, depth: number): void {
  const mark = writer.open(field);
  if (keyValue.key !== '') writer.string(KEY_VALUE.key, keyValue.key);
  writeAnyValue(writer, KEY_VALUE.value, keyValue.value, depth);
  writer.close(mark);
}

/** A value is always written, the empty one as an empty message: in a list its place counts. */
function writeAnyValue(writer: ProtobufWriter, field: number, value: AnyValue, depth: number): void {
  const mark = writer.open(field);
  switch (typeof value) {
    case 'string':
      writer.string(ANY.string, value);
      break;
    case 'boolean':
      writer.varint(ANY.bool, value ? 1 : 0);
      break;
    case 'bigint':
      writer.varint(ANY.int, value);
      break;
    case 'number':
      writer.double(ANY.double, value);
      break;
    default:
      writeComposite(writer, value, depth);
  }
  writer.close(mark);
}

type Composite = Extract<AnyValue, object | null>;

function writeComposite(writer: ProtobufWriter, value: Composite, depth: number): void {
  if (value === null) return;
  if (value instanceof Uint8Array) {
    writer.bytes(ANY.bytes, value);
    return;
  }
  if (depth >= LIMITS.anyValueDepthMax) {
    throw new RangeError(`attribute values should be nested at most ${LIMITS.anyValueDepthMax} deep`);
  }
  if (Array.isArray(value)) {
    const mark = writer.open(ANY.array);
    for (const item of value) writeAnyValue(writer, VALUES, item, depth + 1);
    writer.close(mark);
    return;
  }
  const mark = writer.open(ANY.keyValues);
  for (const keyValue of value.keyValues) writeKeyValueAt(writer, VALUES, keyValue, depth + 1);
  writer.close(mark);
}
