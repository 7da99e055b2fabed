import { OTLP_FIELDS, ProtobufReader, WireType, accept, refuse, type Result } from '@tracelab/protocol';
import type { BatchMemory } from './batch-memory.ts';
import { checkAttributesOf } from './check-attributes.ts';
import { EnvelopeScan } from './envelope-scan.ts';
import { noRejections, type RejectionCounts } from './rejections.ts';
import { SpanBatchBuilder } from './span-batch-builder.ts';
import { Column, type ResourceEnvelope, type ScopeEnvelope, type SpanBatch } from './span-batch.ts';
import { SpanScan } from './span-scan.ts';

export interface ScannedRequest {
  batch: SpanBatch;
  rejections: RejectionCounts;
}

const { tracesData: TRACES, resourceSpans: RESOURCE_SPANS, scopeSpans: SCOPE_SPANS } = OTLP_FIELDS;

/**
 * Reads an ExportTraceServiceRequest in one pass and builds no span: it notes where each lies and the numbers that
 * decisions need. It refuses what the decoder refuses, so that stored bytes can be read again. Never throws. The rows go where
 * the bytes lie, if that is memory of a pool.
 */
export function scanRequest(bytes: Uint8Array, memory?: BatchMemory): Result<ScannedRequest> {
  const scan = new RequestScan(bytes);
  return scan.run(memory);
}

class RequestScan {
  readonly #reader: ProtobufReader;
  readonly #builder: SpanBatchBuilder;
  readonly #span: SpanScan;
  readonly #rejections = noRejections();

  constructor(bytes: Uint8Array) {
    this.#reader = new ProtobufReader(bytes);
    this.#builder = new SpanBatchBuilder(bytes);
    this.#span = new SpanScan(this.#reader);
  }

  run(memory: BatchMemory | undefined): Result<ScannedRequest> {
    const reader = this.#reader;
    while (reader.next()) {
      if (reader.field === TRACES.resourceSpans && isMessage(reader)) this.#resourceSpans();
    }
    if (reader.malformed !== undefined) return refuse(`malformed protobuf: ${reader.malformed}`);
    return accept({ batch: this.#builder.finish(memory), rejections: this.#rejections });
  }

  /** Fields come in any order: the envelope is complete, and known to the rows, when the message ends. */
  #resourceSpans(): void {
    const reader = this.#reader;
    const envelope = new EnvelopeScan(reader.source);
    const resource: ResourceEnvelope = { bytes: new Uint8Array(), serviceName: '' };
    const end = reader.enter();
    while (reader.next()) {
      if (reader.field === RESOURCE_SPANS.scopeSpans && isMessage(reader)) {
        this.#scopeSpans({ resource, bytes: new Uint8Array() });
        continue;
      }
      envelope.addField(reader);
      if (reader.field === RESOURCE_SPANS.resource && isMessage(reader)) envelope.readResource(reader);
    }
    reader.leave(end);
    resource.bytes = envelope.bytes();
    resource.serviceName = envelope.serviceName;
  }

  #scopeSpans(scope: ScopeEnvelope): void {
    const reader = this.#reader;
    const envelope = new EnvelopeScan(reader.source);
    // A scope is listed with its first span: empty ones, two bytes each, must not become objects.
    let index: number | undefined;
    const end = reader.enter();
    while (reader.next()) {
      if (reader.field === SCOPE_SPANS.spans && isMessage(reader)) {
        if (this.#readSpan()) this.#addSpan((index ??= this.#builder.addScope(scope)));
        continue;
      }
      envelope.addField(reader);
      if (reader.field === SCOPE_SPANS.scope && isMessage(reader))
        checkAttributesOf(reader, OTLP_FIELDS.scope.attributes);
    }
    reader.leave(end);
    if (index !== undefined) scope.bytes = envelope.bytes();
  }

  /** Reads the span just found; false where it is rejected or malformed. */
  #readSpan(): boolean {
    this.#span.read();
    if (this.#reader.malformed !== undefined) return false;
    const rejection = this.#span.rejection();
    if (rejection === undefined) return true;
    this.#rejections[rejection]++;
    return false;
  }

  #addSpan(scopeIndex: number): void {
    const { numbers, at } = this.#builder.addRow();
    this.#span.writeRow(numbers, at);
    numbers[at + Column.scope] = scopeIndex;
  }
}

function isMessage(reader: ProtobufReader): boolean {
  return reader.wireType === WireType.lengthDelimited;
}
