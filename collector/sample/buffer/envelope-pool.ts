import type { ResourceEnvelope, ScopeEnvelope } from '../../receive/span-batch.ts';

/** A scope as the buffer holds it: one object for all pending spans that came with equal bytes; so is its resource. */
export interface PooledScope extends ScopeEnvelope {
  readonly resource: PooledResource;
  readonly key: string;
  uses: number;
}

export interface PooledResource extends ResourceEnvelope {
  readonly key: string;
  readonly scopes: Map<string, PooledScope>;
}

/** Holds each distinct resource and scope once while spans use it, and knows the bytes it holds. */
export class EnvelopePool {
  readonly #resources = new Map<string, PooledResource>();
  #bytesHeld = 0;

  get bytesHeld(): number {
    return this.#bytesHeld;
  }

  take(scope: ScopeEnvelope): PooledScope {
    const resource = this.#resourceFor(scope.resource);
    const key = latin1(scope.bytes);
    let pooled = resource.scopes.get(key);
    if (pooled === undefined) {
      pooled = { resource, bytes: scope.bytes.slice(), key, uses: 0 };
      resource.scopes.set(key, pooled);
      this.#bytesHeld += bytesFor(key);
    }
    pooled.uses++;
    return pooled;
  }

  giveBack(scope: PooledScope): void {
    scope.uses--;
    if (scope.uses > 0) return;
    const { resource } = scope;
    resource.scopes.delete(scope.key);
    this.#bytesHeld -= bytesFor(scope.key);
    if (resource.scopes.size > 0) return;
    this.#resources.delete(resource.key);
    this.#bytesHeld -= bytesFor(resource.key);
  }

  #resourceFor(resource: ResourceEnvelope): PooledResource {
    const key = latin1(resource.bytes);
    const known = this.#resources.get(key);
    if (known !== undefined) return known;
    const pooled = { bytes: resource.bytes.slice(), serviceName: resource.serviceName, key, scopes: new Map() };
    this.#resources.set(key, pooled);
    this.#bytesHeld += bytesFor(key);
    return pooled;
  }
}

const OBJECTS_BYTES = 256;

/** The bytes, the key (a copy of them, one byte a character) and the objects around them. */
function bytesFor(key: string): number {
  return 2 * key.length + OBJECTS_BYTES;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
