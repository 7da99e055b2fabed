import { OTLP_FIELDS, ProtobufWriter, writeScope } from '@tracelab/protocol';
import type { Scope } from '../span/span-record.ts';
import { AttributeMemory } from './attribute-memory.ts';
import { OtlpBytes } from './otlp-bytes.ts';
import { TAG, varintBytes } from './tags.ts';

const BYTES_INITIAL = 16 * 1024;

/** Where the finished spans of one library are written, and what surrounds them in a request: OTLP groups spans by scope. */
export class ScopeBytes extends OtlpBytes {
  readonly scope: Scope;
  readonly spanAttributes = new AttributeMemory(TAG.span.attributes);
  readonly eventAttributes = new AttributeMemory(TAG.event.attributes);
  readonly linkAttributes = new AttributeMemory(TAG.link.attributes);
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;

  constructor(scope: Scope) {
    super(BYTES_INITIAL);
    this.scope = scope;
    const fields = OTLP_FIELDS.scopeSpans;
    const head = new ProtobufWriter(64);
    writeScope(head, fields.scope, { ...scope, attributes: [], droppedAttributesCount: 0 });
    this.#head = head.finish();
    const tail = new ProtobufWriter(64);
    if (scope.schemaUrl !== '') tail.string(fields.schemaUrl, scope.schemaUrl);
    this.#tail = tail.finish();
  }

  /** What `writeInto` takes in the request. */
  get requestBytes(): number {
    return 1 + varintBytes(this.#bodyBytes) + this.#bodyBytes;
  }

  writeInto(request: OtlpBytes): void {
    request.varint(TAG.resourceSpans.scopeSpans, this.#bodyBytes);
    request.raw(this.#head);
    request.raw(this.written());
    request.raw(this.#tail);
  }

  get #bodyBytes(): number {
    return this.#head.length + this.length + this.#tail.length;
  }
}
