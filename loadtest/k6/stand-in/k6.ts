/** Stands in for the module `k6` in tests: the part of it that our scripts use. */
export const checks: { name: string; holds: boolean }[] = [];

export function check<Value>(value: Value, conditions: Readonly<Record<string, (value: Value) => boolean>>): boolean {
  const results = Object.entries(conditions).map(([name, holds]) => ({ name, holds: holds(value) }));
  checks.push(...results);
  return results.every((result) => result.holds);
}
