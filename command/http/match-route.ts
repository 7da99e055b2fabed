/** Whether a path fits a route pattern: `:name` stands for one segment, `*` at the end for any rest. */
export function matchesRoute(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  for (const [index, segment] of wanted.entries()) {
    if (segment === '*') return true;
    const actual = given[index];
    if (actual === undefined) return false;
    const fits = segment.startsWith(':') ? actual !== '' : segment === actual;
    if (!fits) return false;
  }
  return wanted.length === given.length;
}
