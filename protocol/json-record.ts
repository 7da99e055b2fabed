/** A JSON object whose members nobody has checked yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Lists and null are no records. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
