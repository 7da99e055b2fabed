import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as fc from 'fast-check';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { TimeInput } from '@opentelemetry/api';
import { named } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';

const MILLI = 1_000_000n;
const FORMS: [what: string, time: TimeInput, unixNano: bigint][] = [
  ['seconds and nanoseconds', [1_700_000_000, 123_456_789], 1_700_000_000_123_456_789n],
  ['milliseconds since the epoch', 1_700_000_000_123, 1_700_000_000_123_000_000n],
  ['milliseconds with a fraction', 1_700_000_000_123.25, 1_700_000_000_123_250_000n],
  ['a date', new Date(1_700_000_000_123), 1_700_000_000_123_000_000n],
];
/** Truncation to a millisecond makes them appear out of order in most of so many tries. */
const TRIES = 20;

function nowUnixNano(): bigint {
  return BigInt(Date.now()) * MILLI;
}

/** Returns as the wall clock's millisecond turns: what starts now is truncated least. */
function waitForNextMilli(): void {
  for (const ms = Date.now(); Date.now() === ms;);
}

const TRUNCATED = { see: 'js #5019' };

export const times: Area = {
  title: 'the times of a span',
  behaviours: [
    ...FORMS.map(([what, time, unixNano]) =>
      behaviour(`may be given as ${what}`, async ({ tracer, span }) => {
        tracer.startSpan('span', { startTime: time }).addEvent('event', time).end(time);
        const received = await span();
        assert.equal(received.startTimeUnixNano, unixNano);
        assert.equal(received.events[0]?.timeUnixNano, unixNano);
        assert.equal(received.endTimeUnixNano, unixNano);
      }),
    ),
    behaviour('may be given as readings of performance.now()', async ({ tracer, span }) => {
      const startMs = performance.now();
      tracer.startSpan('span', { startTime: startMs }).end(performance.now());
      const received = await span();
      const difference = received.startTimeUnixNano - BigInt(Math.round((performance.timeOrigin + startMs) * 1e6));
      assert(difference > -1000n * MILLI && difference < 1000n * MILLI, `${difference} ns from the wall clock`);
      assert(received.endTimeUnixNano >= received.startTimeUnixNano);
    }),
    behaviour('keep every nanosecond of a pair', async ({ tracer, span }) => {
      const pair = fc.tuple(fc.integer({ min: 1, max: 4_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }));
      await fc.assert(
        fc.asyncProperty(pair, async (startTime) => {
          tracer.startSpan('span', { startTime }).end(startTime);
          assert.equal((await span()).startTimeUnixNano, BigInt(startTime[0]) * 1_000_000_000n + BigInt(startTime[1]));
        }),
        { numRuns: 30 },
      );
    }),
    behaviour('are the present time unless they are given', async ({ tracer, span }) => {
      const before = nowUnixNano() - MILLI;
      tracer.startSpan('span').end();
      const after = nowUnixNano() + 2n * MILLI;
      const { startTimeUnixNano, endTimeUnixNano } = await span();
      assert(before <= startTimeUnixNano && startTimeUnixNano <= endTimeUnixNano && endTimeUnixNano <= after);
    }),
    behaviour('may be given for the start alone', async ({ tracer, span }) => {
      tracer.startSpan('span', { startTime: Date.now() - 5000 }).end();
      const { startTimeUnixNano, endTimeUnixNano } = await span();
      const durationMs = Number(endTimeUnixNano - startTimeUnixNano) / 1e6;
      assert(durationMs >= 4999 && durationMs < 60_000, `${durationMs} ms`);
    }),
    behaviour('never end before they start', async ({ tracer, span }) => {
      tracer.startSpan('span', { startTime: [1_700_000_000, 9] }).end([1_700_000_000, 8]);
      const { startTimeUnixNano, endTimeUnixNano } = await span();
      assert.equal(endTimeUnixNano, startTimeUnixNano);
    }),
    behaviour('may have no duration', async ({ tracer, span }) => {
      tracer.startSpan('span', { startTime: [1_700_000_000, 9] }).end([1_700_000_000, 9]);
      const { startTimeUnixNano, endTimeUnixNano } = await span();
      assert.deepEqual([startTimeUnixNano, endTimeUnixNano], [1_700_000_000_000_000_009n, 1_700_000_000_000_000_009n]);
    }),
    behaviour('measure a duration that no change of the wall clock bends', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      const hourAgo = Date.now() - 3_600_000;
      const { mock: stub } = mock.method(Date, 'now', () => hourAgo);
      started.addEvent('event').end();
      stub.restore();
      const { startTimeUnixNano, endTimeUnixNano, events } = await span();
      assert(endTimeUnixNano > startTimeUnixNano && endTimeUnixNano - startTimeUnixNano < 60_000n * MILLI);
      assert((events[0]?.timeUnixNano ?? 0n) >= startTimeUnixNano);
    }),
    behaviour(
      'start finer than a millisecond',
      async ({ tracer, spans }) => {
        for (let index = 0; index < TRIES; index++) tracer.startSpan('span').end();
        assert(
          (await spans()).some((span) => span.startTimeUnixNano % MILLI !== 0n),
          'all are whole milliseconds',
        );
      },
      { official: { ...TRUNCATED, instead: 'start times are truncated to milliseconds', shows: /whole milliseconds/ } },
    ),
    behaviour('start no earlier than the parent in the same process', async ({ tracer, spans }) => {
      const root = tracer.startSpan('root');
      for (let index = 0; index < TRIES; index++)
        tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, root)).end();
      root.end();
      const received = await spans();
      const { startTimeUnixNano } = named(received, 'root');
      assert(received.every((span) => span.startTimeUnixNano >= startTimeUnixNano));
    }),
    behaviour(
      'end no later than the parent that ended later',
      async ({ tracer, spans }) => {
        for (let index = 0; index < TRIES; index++) {
          const root = tracer.startSpan(`root ${index}`);
          waitForNextMilli();
          tracer.startSpan(`child ${index}`, {}, trace.setSpan(ROOT_CONTEXT, root)).end();
          root.end();
        }
        const received = await spans();
        for (let index = 0; index < TRIES; index++) {
          const [root, child] = [named(received, `root ${index}`), named(received, `child ${index}`)];
          assert(child.endTimeUnixNano <= root.endTimeUnixNano, 'the child sticks out');
        }
      },
      { official: { ...TRUNCATED, instead: 'a child may stick out by a millisecond', shows: /sticks out/ } },
    ),
    behaviour(
      'do not overlap where one span follows another',
      async ({ tracer, spans }) => {
        for (let index = 0; index < TRIES; index++) {
          waitForNextMilli();
          tracer.startSpan('first').end();
          tracer.startSpan('second').end();
        }
        const received = (await spans()).map((span) => [span.startTimeUnixNano, span.endTimeUnixNano] as const);
        for (const [index, [startsAt]] of received.entries())
          assert(index === 0 || startsAt >= (received[index - 1]?.[1] ?? 0n), 'they overlap');
      },
      { official: { ...TRUNCATED, instead: 'spans one after another may overlap', shows: /they overlap/ } },
    ),
  ],
};
