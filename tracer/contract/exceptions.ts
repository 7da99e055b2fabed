import assert from 'node:assert/strict';
import type { Exception } from '@opentelemetry/api';
import type { AnyValue } from '@tracelab/protocol';
import { recordOf, textOf } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';

const EXCEPTIONS: [what: string, exception: Exception, attributes: Record<string, AnyValue>][] = [
  ['a text, as its message', 'text', { 'exception.message': 'text' }],
  ['a message alone', { message: 'why' }, { 'exception.message': 'why' }],
  ['a name alone', { name: 'Odd' }, { 'exception.type': 'Odd' }],
  ['a code, which is the type rather than the name', { code: 'E1', name: 'Odd' }, { 'exception.type': 'E1' }],
  ['a number as code', { code: 42 }, { 'exception.type': '42' }],
  ['a stack', { name: 'Odd', stack: 'at here' }, { 'exception.type': 'Odd', 'exception.stacktrace': 'at here' }],
];

export const exceptions: Area = {
  title: 'exceptions',
  behaviours: [
    behaviour('are events with type, message and stack of the error', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      started.recordException(new TypeError('bad', { cause: new Error('deeper') }));
      started.end();
      const [event] = (await span()).events;
      assert.equal(event?.name, 'exception');
      const { 'exception.stacktrace': stack, ...rest } = recordOf(event.attributes);
      assert.deepEqual(rest, { 'exception.type': 'TypeError', 'exception.message': 'bad' });
      assert.match(textOf(stack), /TypeError: bad\n.*exceptions\.ts/);
    }),
    ...EXCEPTIONS.map(([what, exception, attributes]) =>
      behaviour(`may be ${what}`, async ({ tracer, span }) => {
        const started = tracer.startSpan('span');
        started.recordException(exception);
        started.end();
        assert.deepEqual(recordOf((await span()).events[0]?.attributes ?? []), attributes);
      }),
    ),
    behaviour('of the system give their code', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      started.recordException(Object.assign(new Error('no entry'), { code: 'ENOENT' }));
      started.end();
      assert.equal(recordOf((await span()).events[0]?.attributes ?? [])['exception.type'], 'ENOENT');
    }),
    behaviour('have the present time or the one given', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      started.recordException('now');
      started.recordException('then', [1_700_000_000, 7]);
      started.end();
      const { events, startTimeUnixNano, endTimeUnixNano } = await span();
      const [now, then] = events;
      assert(now && now.timeUnixNano >= startTimeUnixNano && now.timeUnixNano <= endTimeUnixNano);
      assert.equal(then?.timeUnixNano, 1_700_000_000_000_000_007n);
    }),
    behaviour('do not set the status: that is the application’s to say', async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      started.recordException(new Error('handled'));
      started.end();
      assert.equal((await span()).status.code, 0);
    }),
  ],
};
