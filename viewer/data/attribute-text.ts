import { hexFromBytes } from '@tracelab/protocol';
import type { AnyValue, KeyValue } from '@tracelab/protocol';

/** An attribute's value as people read it: text plain, lists and maps as JSON, bytes in hex. */
export function formatAttributeValue(value: AnyValue): string {
  return typeof value === 'string' ? value : formatNested(value);
}

function formatNested(value: AnyValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `0x${hexFromBytes(value)}`;
  if (Array.isArray(value)) return `[${value.map(formatNested).join(', ')}]`;
  if (typeof value === 'object')
    return `{${value.keyValues.map((pair) => `${JSON.stringify(pair.key)}: ${formatNested(pair.value)}`).join(', ')}}`;
  return String(value);
}

export interface AttributeRow {
  key: string;
  text: string;
}

/** Rows in alphabetical order whose key or value holds the text, whatever its case. */
export function attributeRows(attributes: readonly KeyValue[], contains: string): AttributeRow[] {
  const wanted = contains.trim().toLowerCase();
  return attributes
    .map(({ key, value }) => ({ key, text: formatAttributeValue(value) }))
    .filter(
      ({ key, text }) => wanted === '' || key.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted),
    )
    .sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)));
}
