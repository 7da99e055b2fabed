import type { IncomingMessage } from 'node:http';
import type { TextMapGetter } from '@opentelemetry/api';

/**
 * Reads a header off the flat list of names and values that the parser made: `request.headers` builds an object of all of
 * them at its first use, which for many requests would be ours alone.
 */
export const rawHeaderGetter: TextMapGetter<IncomingMessage> = {
  get: ({ rawHeaders }, name) => {
    let found: string | string[] | undefined;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      if (!isName(rawHeaders[index], name)) continue;
      const value = rawHeaders[index + 1] ?? '';
      found = found === undefined ? value : [found, value].flat();
    }
    return found;
  },
  keys: ({ rawHeaders }) => rawHeaders.filter((_, index) => index % 2 === 0),
};

/** The first value, as Node does for headers that may come once only. */
export function firstHeader(request: IncomingMessage, name: string): string | undefined {
  const { rawHeaders } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (isName(rawHeaders[index], name)) return rawHeaders[index + 1];
  }
  return undefined;
}

/** `name` is in lower case; the length is compared first, since it tells nearly all of them apart. */
function isName(raw: string | undefined, name: string): boolean {
  return raw?.length === name.length && raw.toLowerCase() === name;
}
