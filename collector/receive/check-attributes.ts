import { LIMITS, OTLP_FIELDS, WireType, type ProtobufReader } from '@tracelab/protocol';

const KEY_VALUE = OTLP_FIELDS.keyValue;
const ANY = OTLP_FIELDS.anyValue;

/**
 * Walks the KeyValue just found as the decoder would, without building it, so that what is stored can surely be read
 * again. What is wrong is left in `reader.malformed`.
 */
export function checkKeyValue(reader: ProtobufReader, depth = 0): void {
  if (isPlainKeyValue(reader.source, reader.valueStart, reader.valueEnd)) return;
  const end = reader.enter();
  while (reader.next()) {
    if (reader.field === KEY_VALUE.value && reader.wireType === WireType.lengthDelimited) checkAnyValue(reader, depth);
  }
  reader.leave(end);
}

/** The same for all attributes of the message just found, which are the field with this number. */
export function checkAttributesOf(reader: ProtobufReader, attributesField: number): void {
  const end = reader.enter();
  while (reader.next()) {
    if (reader.field === attributesField && reader.wireType === WireType.lengthDelimited) checkKeyValue(reader);
  }
  reader.leave(end);
}

function checkAnyValue(reader: ProtobufReader, depth: number): void {
  const end = reader.enter();
  while (reader.next()) {
    if (reader.wireType !== WireType.lengthDelimited) continue;
    if (reader.field === ANY.array) checkList(reader, depth, checkAnyValue);
    else if (reader.field === ANY.keyValues) checkList(reader, depth, checkKeyValue);
  }
  reader.leave(end);
}

function checkList(
  reader: ProtobufReader,
  depth: number,
  checkItem: (reader: ProtobufReader, depth: number) => void,
): void {
  if (depth >= LIMITS.anyValueDepthMax) {
    reader.fail(`attribute values should be nested at most ${LIMITS.anyValueDepthMax} deep`);
    return;
  }
  const end = reader.enter();
  while (reader.next()) {
    if (reader.field === OTLP_FIELDS.list.values && reader.wireType === WireType.lengthDelimited)
      checkItem(reader, depth + 1);
  }
  reader.leave(end);
}

const KEY_TAG = (KEY_VALUE.key << 3) | WireType.lengthDelimited;
const VALUE_TAG = (KEY_VALUE.value << 3) | WireType.lengthDelimited;
const STRING_TAG = (ANY.string << 3) | WireType.lengthDelimited;
const BOOL_TAG = (ANY.bool << 3) | WireType.varint;
const INT_TAG = (ANY.int << 3) | WireType.varint;
const DOUBLE_TAG = (ANY.double << 3) | WireType.fixed64;
const VARINT_BYTES_MAX = 10;
/** Longer ones take two bytes for their length. */
const SHORT_MAX = 0x7f;

/**
 * Whether it is a KeyValue as encoders write almost all of them, a short key and then one scalar of up to 16 KiB: in those bytes nothing
 * is left that could be wrong. Most of the time of a scan would go into the walk over them.
 */
function isPlainKeyValue(bytes: Uint8Array, start: number, end: number): boolean {
  const keyLength = byteAt(bytes, start + 1);
  const valueAt = start + 2 + keyLength;
  if (byteAt(bytes, start) !== KEY_TAG || keyLength > SHORT_MAX || valueAt + 1 >= end) return false;
  if (byteAt(bytes, valueAt) !== VALUE_TAG) return false;
  const scalarAt = endOfDelimiter(bytes, valueAt + 1, end);
  if (scalarAt === -1) return false;
  switch (byteAt(bytes, scalarAt)) {
    case STRING_TAG:
      return endOfDelimiter(bytes, scalarAt + 1, end) !== -1;
    case INT_TAG:
    case BOOL_TAG:
      return isVarint(bytes, scalarAt + 1, end);
    case DOUBLE_TAG:
      return scalarAt + 9 === end;
    default:
      return false;
  }
}

/** Where the delimited bytes begin, if their length stands here in one or two bytes and they reach to the end exactly; else -1. */
function endOfDelimiter(bytes: Uint8Array, at: number, end: number): number {
  const first = byteAt(bytes, at);
  if (first <= SHORT_MAX) return at + 1 + first === end && at < end ? at + 1 : -1;
  const second = byteAt(bytes, at + 1);
  return second <= SHORT_MAX && at + 2 + ((first & SHORT_MAX) | (second << 7)) === end ? at + 2 : -1;
}

/** One varint and nothing behind it. */
function isVarint(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start || end - start > VARINT_BYTES_MAX || byteAt(bytes, end - 1) > SHORT_MAX) return false;
  for (let at = start; at < end - 1; at++) if (byteAt(bytes, at) <= SHORT_MAX) return false;
  return true;
}

/** Behind the end of the array: no byte that fits anywhere. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0xff;
}
