import { SERVICE_NAME_UNKNOWN } from '@tracelab/model';
import { OTLP_FIELDS, ProtobufReader, WireType, utf8Decode } from '@tracelab/protocol';
import { checkKeyValue } from './check-attributes.ts';

const SERVICE_NAME = 'service.name';

/** Gathers the fields of a ResourceSpans or ScopeSpans that are not its spans, to be written back as they came. */
export class EnvelopeScan {
  readonly #source: Uint8Array;
  readonly #ranges: [start: number, end: number][] = [];
  #serviceName: string | undefined;

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  get serviceName(): string {
    return this.#serviceName ?? SERVICE_NAME_UNKNOWN;
  }

  /** The field the reader just found. Neighbours become one range, so that many tiny fields are few objects. */
  addField(reader: ProtobufReader): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && last[1] === reader.fieldStart) last[1] = reader.valueEnd;
    else this.#ranges.push([reader.fieldStart, reader.valueEnd]);
  }

  /** Copied: a view would hold the whole request in memory. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#ranges.reduce((total, [start, end]) => total + end - start, 0));
    let at = 0;
    for (const [start, end] of this.#ranges) {
      bytes.set(this.#source.subarray(start, end), at);
      at += end - start;
    }
    return bytes;
  }

  readResource(reader: ProtobufReader): void {
    const end = reader.enter();
    while (reader.next()) {
      if (reader.field !== OTLP_FIELDS.resource.attributes || reader.wireType !== WireType.lengthDelimited) continue;
      this.#serviceName ??= readServiceName(reader);
      checkKeyValue(reader);
    }
    reader.leave(end);
  }
}

/** Undefined where the attribute just found is another one, or not text. */
function readServiceName(found: ProtobufReader): string | undefined {
  const reader = new ProtobufReader(found.source, found.valueStart, found.valueEnd);
  let isServiceName = false;
  let name: string | undefined;
  while (reader.next()) {
    if (reader.wireType !== WireType.lengthDelimited) continue;
    if (reader.field === OTLP_FIELDS.keyValue.key) isServiceName = reader.text === SERVICE_NAME;
    else if (reader.field === OTLP_FIELDS.keyValue.value) name = readText(reader);
  }
  return isServiceName && name !== '' ? name : undefined;
}

function readText(found: ProtobufReader): string | undefined {
  const reader = new ProtobufReader(found.source, found.valueStart, found.valueEnd);
  let text: string | undefined;
  while (reader.next()) {
    const isText = reader.field === OTLP_FIELDS.anyValue.string && reader.wireType === WireType.lengthDelimited;
    text = isText ? utf8Decode(reader.source, reader.valueStart, reader.valueEnd) : undefined;
  }
  return text;
}
