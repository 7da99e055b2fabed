/** Callers in plain JavaScript pass anything as a name; the wire takes text only, and nothing here may throw. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
