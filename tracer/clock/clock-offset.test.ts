/** A clock set wrong on purpose, seen from outside: what arrives at a collector. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { context, trace } from '@opentelemetry/api';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import { named, only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

const NANOS_PER_MILLI = 1_000_000n;
const SLACK_MS = 60_000;

/** By how much a span's clock is ahead of the system's, in whole minutes: tests are slower than that at times. */
function minutesAhead({ startTimeUnixNano }: ReceivedSpan): number {
  const aheadMs = Number(startTimeUnixNano / NANOS_PER_MILLI) - Date.now();
  return Math.round(aheadMs / SLACK_MS) || 0;
}

describe('the clock of spans', () => {
  let tracing: Tracing;
  const tracer = trace.getTracer('test');
  before(async () => (tracing = await startTracing({ TRACELAB_CLOCK_OFFSET_MS: '1800000' })));
  after(() => tracing.close());

  it('is as wrong as TRACELAB_CLOCK_OFFSET_MS says', async () => {
    assert.equal(tracing.handle.switch.getClockOffset?.(), 1_800_000);
    tracer.startSpan('ahead').end();
    assert.equal(minutesAhead(only(await tracing.spans())), 30);
  });

  it('is set while running for traces that begin, never in the middle of one', async () => {
    tracing.handle.switch.setClockOffset?.(0);
    const root = tracer.startSpan('root');
    tracing.handle.switch.setClockOffset?.(-1_200_000);
    tracer.startSpan('child', {}, trace.setSpan(context.active(), root)).end();
    root.end();
    tracer.startSpan('next').end();
    const spans = await tracing.spans();
    assert.deepEqual(
      ['root', 'child', 'next'].map((name) => minutesAhead(named(spans, name))),
      [0, 0, -20],
    );
    const { startTimeUnixNano, endTimeUnixNano } = named(spans, 'root');
    assert(endTimeUnixNano - startTimeUnixNano < BigInt(SLACK_MS) * NANOS_PER_MILLI, 'its duration is untouched');
  });

  it('is never more than an hour wrong', () => {
    assert.throws(() => tracing.handle.switch.setClockOffset?.(3_600_001), {
      name: 'RangeError',
      message: 'offsetMs should be a whole number from -3600000 to 3600000: was 3600001',
    });
  });
});
