import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';
import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

const KEY = createContextKey('test');
const carrying = (value: string) => ROOT_CONTEXT.setValue(KEY, value);
const seen = () => context.active().getValue(KEY);

describe('the active context', () => {
  let tracing: Tracing;
  before(async () => (tracing = await startTracing()));
  after(() => tracing.close());

  it('is the root context outside of everything', () => assert.equal(context.active(), ROOT_CONTEXT));

  it('follows awaits, timers, immediates, microtasks and emitters', async () => {
    await context.with(carrying('a'), async () => {
      await Promise.resolve();
      assert.equal(seen(), 'a');
      await delay(1);
      assert.equal(seen(), 'a');
      await immediate();
      assert.equal(seen(), 'a');
      const inMicrotask = await new Promise((resolve) => queueMicrotask(() => resolve(seen())));
      assert.equal(inMicrotask, 'a');
      const emitter = new EventEmitter();
      setImmediate(() => emitter.emit('done'));
      await once(emitter, 'done');
      assert.equal(seen(), 'a');
    });
    assert.equal(seen(), undefined);
  });

  it('is kept apart in concurrent work', async () => {
    const work = (name: string) =>
      context.with(carrying(name), async () => {
        for (let turn = 0; turn < 5; turn++) {
          await (turn % 2 === 0 ? immediate() : delay(1));
          assert.equal(seen(), name);
        }
        return seen();
      });
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map(work)), ['a', 'b', 'c']);
  });

  it('is restored after an exception', () => {
    const failing = () => {
      throw new Error('x');
    };
    assert.throws(() => context.with(carrying('a'), failing));
    assert.equal(context.active(), ROOT_CONTEXT);
  });

  it('hands this and arguments through with and bind', () => {
    const join = function (this: { prefix: string }, ...parts: string[]): string {
      return `${this.prefix}${parts.join('')}${String(seen())}`;
    };
    assert.equal(context.with(carrying('!'), join, { prefix: '>' }, 'a', 'b'), '>ab!');
    const bound = context.bind(carrying('!'), join);
    assert.equal(bound.call({ prefix: '>' }, 'x'), '>x!');
    assert.equal(context.bind(carrying('!'), 7), 7);
  });
});
