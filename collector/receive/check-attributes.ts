import { LIMITS, OTLP_FIELDS, WireType, type ProtobufReader } from '@tracelab/protocol';

const KEY_VALUE = OTLP_FIELDS.keyValue;
const ANY = OTLP_FIELDS.anyValue;

/**
 * Walks the KeyValue just found as the decoder would, without building it, so that what is stored can surely be read
 * again. What is wrong is left in `reader.malformed`.
 */
export function checkKeyValue(reader: ProtobufReader, depth = 0): void {
  const end = reader.enter();
  while (reader.next()) {
    if (reader.field === KEY_VALUE.value && reader.wireType === WireType.lengthDelimited) checkAnyValue(reader, depth);
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
