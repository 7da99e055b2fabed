import { LRUCache } from 'lru-cache';
import { inSpan } from '../kit/in-span.ts';
import { readInteger, readObject } from '../kit/read.ts';
import type { RouteRequest } from '../kit/route.ts';
import type { ServiceDefinition } from '../kit/service.ts';
import type { CacheReply } from '../kit/shop/shapes.ts';

const ENTRIES_MAX = 10_000;
/** Of all values as JSON text; what was used longest ago goes first, a value above the bound is not kept. */
const VALUE_CHARS_MAX = 8 * 1024 * 1024;
const TTL_MS_MAX = 24 * 60 * 60 * 1000;

type Entries = LRUCache<string, { json: string }>;

/** An in-memory cache over HTTP: `GET` and `PUT /entries/:key`. */
export const cache: ServiceDefinition = {
  name: 'cache',
  summary: 'An in-memory cache of the least recently used entries.',
  routes: () => {
    const entries: Entries = new LRUCache({
      max: ENTRIES_MAX,
      maxSize: VALUE_CHARS_MAX,
      sizeCalculation: (entry) => Math.max(1, entry.json.length),
    });
    return [
      { method: 'GET', path: '/entries/:key', handle: ({ params }) => getEntry(entries, params['key'] ?? '') },
      { method: 'PUT', path: '/entries/:key', handle: (request) => putEntry(entries, request) },
    ];
  },
};

function getEntry(entries: Entries, key: string): Promise<CacheReply> {
  return inSpan('cache.get', { 'cache.key': key }, (span) => {
    const entry = entries.get(key);
    span.setAttribute('cache.hit', entry !== undefined);
    return entry === undefined ? { hit: false } : { hit: true, value: JSON.parse(entry.json) as unknown };
  });
}

function putEntry(entries: Entries, { params, body }: RouteRequest): Promise<{ stored: boolean }> {
  const key = params['key'] ?? '';
  const given = readObject(body, 'the body');
  const ttlMs = readInteger(given['ttlMs'], 'ttlMs', { min: 1, max: TTL_MS_MAX });
  const json = JSON.stringify(given['value'] ?? null);
  return inSpan('cache.put', { 'cache.key': key, 'cache.ttl_ms': ttlMs }, () => {
    entries.set(key, { json }, { ttl: ttlMs });
    return { stored: entries.has(key) };
  });
}
