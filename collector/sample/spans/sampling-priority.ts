import type { AnyValue } from '@tracelab/protocol';
import { spanBytesAt, type SpanBatch } from '../../receive/span-batch.ts';
import { AttributeReader } from '../read-attributes.ts';

/** What a span's attribute `sampling.priority` demands (OpenTracing's semantic conventions). */
export type SamplingPriority = 'keep' | 'drop' | undefined;

const KEY = 'sampling.priority';
const priorities = new AttributeReader(KEY);
/** Of Go's ParseFloat; not its hexadecimal ones. */
const FLOAT = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?)$/i;

/** Reads it of the rows of a batch; where no span has it, which is nearly always, none is looked at. */
export function priorityReader({ bytes }: SpanBatch): (batch: SpanBatch, row: number) => SamplingPriority {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(KEY)) return () => undefined;
  return (batch, row) => priorityOf(priorities.ofSpan(spanBytesAt(batch, row)));
}

/** A number, or text that is one: 0 drops, more keeps; whatever else leaves the choice to the sampler. */
export function priorityOf(value: AnyValue | undefined): SamplingPriority {
  const number = numberOf(value);
  if (number === 0) return 'drop';
  return number > 0 ? 'keep' : undefined;
}

function numberOf(value: AnyValue | undefined): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || !FLOAT.test(value)) return Number.NaN;
  const number = Number(value);
  if (!Number.isNaN(number)) return Number.isFinite(number) ? number : Number.NaN;
  return value.startsWith('-') ? -Infinity : Infinity;
}
