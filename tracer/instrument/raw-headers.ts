import type { IncomingMessage } from 'node:http';
import type { TextMapGetter } from '@opentelemetry/api';

/**
 * Reads a header off the flat list of names and values that the parser made: `request.headers` builds an object of all of
 * them at its first use, which for many requests would be ours alone.
 */
export const rawHeaderGetter: TextMapGetter<IncomingMessage> = {
  get: ({ rawHeaders }, name) => {
    let found: string | string[] | undefined;
    for (let at = indexOfHeader(rawHeaders, name); at >= 0; at = indexOfHeader(rawHeaders, name, at + 2)) {
      const value = rawHeaders[at + 1] ?? '';
      found = found === undefined ? value : [found, value].flat();
    }
    return found;
  },
  keys: ({ rawHeaders }) => rawHeaders.filter((_, index) => index % 2 === 0),
};

/** The first value, as Node does for headers that may come once only. */
export function firstHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const index = indexOfHeader(rawHeaders, name);
  return index < 0 ? undefined : rawHeaders[index + 1];
}

/**
 * Where the name stands in a flat list of names and values, from an index on; -1 for nowhere. `name` is in lower case; the
 * length is compared first, since it tells nearly all of them apart.
 */
export function indexOfHeader(list: readonly unknown[], name: string, from = 0): number {
  for (let index = from; index < list.length; index += 2) {
    const raw = list[index];
    if (typeof raw === 'string' && raw.length === name.length && raw.toLowerCase() === name) return index;
  }
  return -1;
}
