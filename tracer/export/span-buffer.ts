import { OTLP_FIELDS, ProtobufWriter, writeResource } from '@tracelab/protocol';
import type { Resource } from '@tracelab/protocol';
import { encodeSpan } from '../encode/encode-span.ts';
import { OtlpBytes } from '../encode/otlp-bytes.ts';
import { ScopeBytes } from '../encode/scope-bytes.ts';
import { TAG, varintBytes } from '../encode/tags.ts';
import type { Scope, SpanRecord } from '../span/span-record.ts';

/** An export request, ready to be sent as often as it takes. */
export interface SpanBatch {
  readonly bytes: Uint8Array;
  readonly spanCount: number;
  /** Nobody reads the bytes any more: a later batch may be written over them. */
  release: () => void;
}

/** An array that grew beyond this for one odd span is not kept for the next batch. */
const BYTES_KEPT_MAX = 1024 * 1024;
const SCOPES_KEPT_MAX = 64;

/**
 * The batch that is being filled: spans lie here as OTLP bytes, one run of bytes for each scope. Sealing copies them into
 * one request, and the arrays are used again; a request's own array is, too, once it is released. A new one of 100 KB for
 * each batch costs 23 ns a span: the kernel hands its pages out one by one.
 */
export class SpanBuffer {
  readonly #resourceBytes: Uint8Array;
  readonly #bytesByScope = new Map<Scope, ScopeBytes>();
  /** Spans of a library often come in a row. */
  #last: ScopeBytes | undefined;
  /** Of a request that was released. */
  #spare: OtlpBytes | undefined;
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

  /** Throws what foreign code throws (a tracestate) and what does not fit into memory; the batch then stays as it was. */
  add(scope: Scope, span: SpanRecord): void {
    const bytes = this.#bytesOf(scope);
    const lengthBefore = bytes.length;
    try {
      encodeSpan(bytes, span);
    } catch (error) {
      bytes.length = lengthBefore;
      throw error;
    }
    this.#byteCount += bytes.length - lengthBefore;
    this.#spanCount++;
  }

  /** Takes everything out as one ExportTraceServiceRequest. */
  seal(): SpanBatch {
    const scopes = [...this.#bytesByScope.values()].filter((scope) => scope.length > 0);
    const bodyBytes = scopes.reduce((sum, scope) => sum + scope.requestBytes, this.#resourceBytes.length);
    const request = this.#takeArray(1 + varintBytes(bodyBytes) + bodyBytes);
    request.varint(TAG.tracesData.resourceSpans, bodyBytes);
    request.raw(this.#resourceBytes);
    for (const scope of scopes) scope.writeInto(request);
    const release = (): void => {
      if (request.capacity <= BYTES_KEPT_MAX) this.#spare = request;
    };
    const batch = { bytes: request.written(), spanCount: this.#spanCount, release };
    this.#empty();
    return batch;
  }

  #takeArray(bytesNeeded: number): OtlpBytes {
    const spare = this.#spare;
    if (spare === undefined || spare.capacity < bytesNeeded) return new OtlpBytes(bytesNeeded);
    this.#spare = undefined;
    spare.length = 0;
    return spare;
  }

  #bytesOf(scope: Scope): ScopeBytes {
    const last = this.#last;
    if (last?.scope === scope) return last;
    let bytes = this.#bytesByScope.get(scope);
    if (bytes === undefined) {
      bytes = new ScopeBytes(scope);
      this.#bytesByScope.set(scope, bytes);
    }
    this.#last = bytes;
    return bytes;
  }

  #empty(): void {
    this.#spanCount = 0;
    this.#byteCount = 0;
    this.#last = undefined;
    if (this.#bytesByScope.size > SCOPES_KEPT_MAX) this.#bytesByScope.clear();
    for (const [scope, bytes] of this.#bytesByScope) {
      if (bytes.capacity > BYTES_KEPT_MAX) this.#bytesByScope.delete(scope);
      else bytes.length = 0;
    }
  }
}
