import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';
import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';

const KEY = createContextKey('contract');
const carrying = (value: string): Context => ROOT_CONTEXT.setValue(KEY, value);
const seen = (): unknown => context.active().getValue(KEY);

/** Ways in which work goes on later; each calls back once. */
const LATER: [what: string, later: (callBack: () => void) => void][] = [
  ['await', (callBack) => void Promise.resolve().then(callBack)],
  ['queueMicrotask', (callBack) => queueMicrotask(callBack)],
  ['process.nextTick', (callBack) => process.nextTick(callBack)],
  ['setTimeout', (callBack) => void setTimeout(callBack, 1)],
  ['setImmediate', (callBack) => void setImmediate(callBack)],
  ['a promise of timers', (callBack) => void delay(1).then(callBack)],
  ['a stream', (callBack) => void Readable.from(['chunk']).on('data', callBack)],
  ['an AsyncResource', (callBack) => setImmediate(AsyncResource.bind(callBack))],
];

export const contextPropagation: Area = {
  title: 'the active context',
  behaviours: [
    behaviour('is the root context outside of everything', () => assert.equal(context.active(), ROOT_CONTEXT)),
    ...LATER.map(([what, later]) =>
      behaviour(`follows ${what}`, async () => {
        const value = await new Promise((resolve) => {
          context.with(carrying('a'), () => later(() => resolve(seen())));
        });
        assert.equal(value, 'a');
        assert.equal(seen(), undefined);
      }),
    ),
    behaviour('follows an async function through all that it awaits', async () => {
      await context.with(carrying('a'), async () => {
        await immediate();
        assert.equal(seen(), 'a');
        const emitter = new EventEmitter();
        setImmediate(() => emitter.emit('done'));
        await once(emitter, 'done');
        assert.equal(seen(), 'a');
        await assert.rejects(async () => {
          await immediate();
          throw new Error('inside');
        });
        assert.equal(seen(), 'a');
      });
      assert.equal(seen(), undefined);
    }),
    behaviour('of a listener is that of the one who emits', () => {
      const emitter = new EventEmitter();
      const values: unknown[] = [];
      context.with(carrying('listener'), () => emitter.on('event', () => values.push(seen())));
      context.with(carrying('emitter'), () => emitter.emit('event'));
      assert.deepEqual(values, ['emitter']);
    }),
    behaviour('nests, and comes back', () => {
      context.with(carrying('outer'), () => {
        context.with(carrying('inner'), () => assert.equal(seen(), 'inner'));
        assert.equal(seen(), 'outer');
        context.with(ROOT_CONTEXT, () => assert.equal(seen(), undefined));
        assert.equal(seen(), 'outer');
      });
    }),
    behaviour('comes back after an exception, which passes through', () => {
      const error = new Error('thrown');
      const fail = (): never => {
        throw error;
      };
      assert.throws(
        () => context.with(carrying('a'), fail),
        (thrown) => thrown === error,
      );
      assert.equal(context.active(), ROOT_CONTEXT);
    }),
    behaviour('is kept apart in work that runs at the same time', async () => {
      const work = (name: string): Promise<void> =>
        context.with(carrying(name), async () => {
          for (let turn = 0; turn < 5; turn++) {
            await (turn % 2 === 0 ? immediate() : delay(1));
            assert.equal(seen(), name);
          }
        });
      await Promise.all(['a', 'b', 'c'].map(work));
    }),
    behaviour('with() hands this, arguments and the result through', () => {
      const join = function (this: { prefix: string }, ...parts: string[]): string {
        return `${this.prefix}${parts.join('')}${String(seen())}`;
      };
      assert.equal(context.with(carrying('!'), join, { prefix: '>' }, 'a', 'b'), '>ab!');
    }),
    behaviour('bind() gives a function that runs in the context, whoever calls it', () => {
      const join = function (this: { prefix: string }, a: string, b: string): string {
        return `${this.prefix}${a}${b}${String(seen())}`;
      };
      const bound = context.bind(carrying('!'), join);
      assert.equal(bound.length, 2);
      assert.equal(
        context.with(carrying('?'), () => bound.call({ prefix: '>' }, 'a', 'b')),
        '>ab!',
      );
    }),
    behaviour('bind() gives back what it cannot bind', () => {
      const object = {};
      for (const target of [7, 'text', null, undefined, object])
        assert.equal(context.bind(carrying('a'), target), target);
    }),
    behaviour('bind() of an event emitter holds for listeners that are added afterwards', () => {
      const emitter = context.bind(carrying('bound'), new EventEmitter());
      const values: unknown[] = [];
      const listener = (): void => void values.push(seen());
      emitter.on('event', listener);
      emitter.once('event', () => values.push(seen()));
      emitter.prependListener('event', () => values.push(seen()));
      context.with(carrying('emitter'), () => emitter.emit('event'));
      assert.deepEqual(values, ['bound', 'bound', 'bound']);
      emitter.off('event', listener).emit('event');
      assert.equal(values.length, 4, 'once was once, and a listener can be taken away again');
    }),
  ],
};
