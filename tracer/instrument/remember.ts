const KEPT_MAX = 500;
const LENGTH_MAX = 4096;

/**
 * The same function, remembering what it gave: for texts that an application repeats (hosts, origins, statements). The
 * first 500 are kept, so that a stranger who sends a new one each time costs no memory, and long ones never are.
 */
export function remember<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const computed = compute(text);
    if (known.size < KEPT_MAX && text.length <= LENGTH_MAX) known.set(text, computed);
    return computed;
  };
}
