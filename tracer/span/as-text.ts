/** Callers in plain JavaScript pass anything as a name; the wire takes text only. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : String(value ?? '');
}
