import { channel } from 'node:diagnostics_channel';
import type * as http from 'node:http';
import { createRequire, syncBuiltinESMExports } from 'node:module';

/** Where new requests of node:http are announced, before anything of them is sent: `{ request }`. */
export interface Announcement {
  channel: string;
  stop: () => void;
}

/**
 * Node announces them itself from 22.12 and 23.2 on. Before, `request` and `get` of node:http and node:https are wrapped,
 * for `require` and for `import`; requests made by `new http.ClientRequest()` and by functions that were taken out of
 * node:http before the tracer was started are missed there.
 */
export function announceRequests(version: string = process.versions.node): Announcement {
  if (doesNodeAnnounce(version)) return { channel: 'http.client.request.created', stop: () => {} };
  const created = channel('tracelab.http.client.request.created');
  const load = createRequire(process.execPath);
  const restore = ['node:http', 'node:https'].map((name) => wrap(load(name) as HttpModule, created));
  syncBuiltinESMExports();
  const stop = (): void => {
    for (const undo of restore) undo();
    syncBuiltinESMExports();
  };
  return { channel: created.name as string, stop };
}

export function doesNodeAnnounce(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 2) || (major === 22 && minor >= 12);
}

type MakeRequest = (...args: unknown[]) => http.ClientRequest;
interface HttpModule {
  request: MakeRequest;
  get: MakeRequest;
}

function wrap(module: HttpModule, created: ReturnType<typeof channel>): () => void {
  const { request, get } = module;
  module.request = function (...args) {
    const made = request(...args);
    created.publish({ request: made });
    return made;
  };
  // Node's own `get` calls the unwrapped `request`, and ends it before anybody could set a header.
  module.get = function (...args) {
    const made = module.request(...args);
    made.end();
    return made;
  };
  return () => Object.assign(module, { request, get });
}
