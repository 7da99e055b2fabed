import {
  OTLP_FIELDS,
  ProtobufReader,
  readKeyValueInto,
  WireType,
  type AnyValue,
  type KeyValue,
} from '@tracelab/protocol';
import type { ResourceEnvelope } from '../receive/span-batch.ts';

/** Reads the attribute of one key from bytes; where it is there twice, the first, as upstream's map does. */
export class AttributeReader {
  readonly #key: Uint8Array;

  constructor(key: string) {
    this.#key = Buffer.from(key, 'utf8');
  }

  /** Of an encoded Span. Undefined where it is absent; null is an attribute without a value. */
  ofSpan(span: Uint8Array): AnyValue | undefined {
    return this.#find(new ProtobufReader(span), OTLP_FIELDS.span.attributes);
  }

  /** The same of an encoded Event. */
  ofEvent(event: Uint8Array): AnyValue | undefined {
    return this.#find(new ProtobufReader(event), OTLP_FIELDS.event.attributes);
  }

  ofResource({ bytes }: ResourceEnvelope): AnyValue | undefined {
    const reader = new ProtobufReader(bytes);
    while (reader.next()) {
      if (reader.field !== OTLP_FIELDS.resourceSpans.resource || reader.wireType !== WireType.lengthDelimited) continue;
      const resource = new ProtobufReader(bytes, reader.valueStart, reader.valueEnd);
      const value = this.#find(resource, OTLP_FIELDS.resource.attributes);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #find(owner: ProtobufReader, attributesField: number): AnyValue | undefined {
    while (owner.next()) {
      if (owner.field !== attributesField || owner.wireType !== WireType.lengthDelimited || !this.#isKeyOf(owner))
        continue;
      const found: KeyValue[] = [];
      readKeyValueInto(owner, found);
      return found[0]?.value;
    }
    return undefined;
  }

  #isKeyOf(found: ProtobufReader): boolean {
    const reader = new ProtobufReader(found.source, found.valueStart, found.valueEnd);
    let isKey = this.#key.length === 0;
    while (reader.next()) {
      if (reader.field !== OTLP_FIELDS.keyValue.key || reader.wireType !== WireType.lengthDelimited) continue;
      isKey = Buffer.compare(reader.bytes, this.#key) === 0;
    }
    return isKey;
  }
}
