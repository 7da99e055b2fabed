import { OTLP_FIELDS, ProtobufWriter, writeResource, writeScope } from '@tracelab/protocol';
import type { Resource } from '@tracelab/protocol';
import { encodeSpan } from '../encode/encode-span.ts';
import { SpanBytes } from '../encode/span-bytes.ts';
import { TAG } from '../encode/tags.ts';
import type { Scope, SpanRecord } from '../span/span-record.ts';

/** An export request, ready to be sent as often as it takes. */
export interface SpanBatch {
  readonly bytes: Uint8Array;
  readonly spanCount: number;
}

const SCOPE_BYTES_INITIAL = 16 * 1024;
/** A scope's array that grew beyond this for one odd span is not kept for the next batch. */
const SCOPE_BYTES_KEPT_MAX = 1024 * 1024;
const SCOPES_KEPT_MAX = 64;

/**
 * The batch that is being filled: spans lie here as OTLP bytes, one run of bytes for each scope, since OTLP groups spans
 * by scope. Sealing copies them into one request, and the arrays are used again.
 */
export class SpanBuffer {
  readonly #resourceBytes: Uint8Array;
  readonly #bytesByScope = new Map<Scope, SpanBytes>();
  #spanCount = 0;
  #byteCount = 0;

  constructor(resource: Resource) {
    const writer = new ProtobufWriter(512);
    writeResource(writer, OTLP_FIELDS.resourceSpans.resource, resource);
    this.#resourceBytes = writer.finish();
  }

  get spanCount(): number {
    return this.#spanCount;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  add(scope: Scope, span: SpanRecord): void {
    const bytes = this.#bytesFor(scope);
    const lengthBefore = bytes.length;
    encodeSpan(bytes, TAG.scopeSpans.spans, span);
    this.#byteCount += bytes.length - lengthBefore;
    this.#spanCount++;
  }

  /** Takes everything out as one ExportTraceServiceRequest. */
  seal(): SpanBatch {
    const request = new ProtobufWriter(this.#byteCount + this.#resourceBytes.length + 256);
    const mark = request.open(OTLP_FIELDS.tracesData.resourceSpans);
    request.raw(this.#resourceBytes);
    for (const [scope, spans] of this.#bytesByScope) if (spans.length > 0) writeScopeSpans(request, scope, spans);
    request.close(mark);
    const batch = { bytes: request.finish(), spanCount: this.#spanCount };
    this.#empty();
    return batch;
  }

  #bytesFor(scope: Scope): SpanBytes {
    let bytes = this.#bytesByScope.get(scope);
    if (bytes === undefined) {
      bytes = new SpanBytes(SCOPE_BYTES_INITIAL);
      this.#bytesByScope.set(scope, bytes);
    }
    return bytes;
  }

  #empty(): void {
    this.#spanCount = 0;
    this.#byteCount = 0;
    if (this.#bytesByScope.size > SCOPES_KEPT_MAX) this.#bytesByScope.clear();
    for (const [scope, bytes] of this.#bytesByScope) {
      if (bytes.length > SCOPE_BYTES_KEPT_MAX) this.#bytesByScope.delete(scope);
      else bytes.length = 0;
    }
  }
}

function writeScopeSpans(request: ProtobufWriter, scope: Scope, spans: SpanBytes): void {
  const fields = OTLP_FIELDS.scopeSpans;
  const mark = request.open(OTLP_FIELDS.resourceSpans.scopeSpans);
  writeScope(request, fields.scope, {
    name: scope.name,
    version: scope.version,
    attributes: [],
    droppedAttributesCount: 0,
  });
  request.raw(spans.written());
  if (scope.schemaUrl !== '') request.string(fields.schemaUrl, scope.schemaUrl);
  request.close(mark);
}
