import assert from 'node:assert/strict';
import { decodeTracesData } from '@tracelab/protocol';
import type { Span } from '@tracelab/protocol';

/** For tests: what a subject's newest batch holds. */
export function spansOf(batch: Uint8Array | undefined): Span[] {
  assert(batch !== undefined);
  const data = decodeTracesData(batch);
  assert(data.ok);
  return data.value.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}
