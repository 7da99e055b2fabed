import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SpanIds } from './span-ids.ts';

describe('SpanIds', () => {
  it('takes each id once, few and many', () => {
    const id = fc.uint8Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(id, { maxLength: 120 }), fc.array(fc.nat(119), { maxLength: 60 }), (ids, again) => {
        const spanIds = new SpanIds();
        const known = new Set<string>();
        for (const each of [...ids, ...again.flatMap((index) => ids[index] ?? [])]) {
          if (!(each instanceof Uint8Array)) continue;
          const hex = Buffer.from(each).toString('hex');
          const inRequest = Uint8Array.of(1, 2, 3, ...each, 9);
          assert.equal(spanIds.add(inRequest, 3), !known.has(hex));
          known.add(hex);
        }
      }),
    );
  });

  it('counts the bytes of large traces too', () => {
    const spanIds = new SpanIds();
    const id = Buffer.alloc(8);
    for (let index = 0; index < 1000; index++) {
      id.writeUInt32BE(index);
      spanIds.add(id, 0);
    }
    assert.ok(spanIds.bytesHeld >= 1000 * 40);
  });
});
