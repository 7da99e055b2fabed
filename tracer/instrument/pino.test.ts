import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { only } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

describe('a log line of pino', () => {
  let tracing: Tracing;
  let lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  before(async () => (tracing = await startTracing()));
  beforeEach(() => (lines = []));
  after(() => tracing.close());

  /** The lines that `log` writes under a span, and the stamp they should carry. */
  const logUnderSpan = async (log: () => void) => {
    trace.getTracer('test').startActiveSpan('work', (span) => {
      log();
      span.end();
    });
    const span = only(await tracing.spans());
    return {
      parsed: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
      stamp: { trace_id: span.traceId, span_id: span.spanId, trace_flags: '03' },
    };
  };
  const stampOf = ({ trace_id, span_id, trace_flags }: Record<string, unknown>) => ({ trace_id, span_id, trace_flags });

  it('carries the ids once, of child loggers and with nothing else to say as well', async () => {
    const logger = pino({ base: null, timestamp: false }, destination);
    const child = logger.child({ part: 'child' });
    const { parsed, stamp } = await logUnderSpan(() => {
      logger.info('bare');
      child.error(new Error('bad'));
    });
    assert.deepEqual(parsed.map(stampOf), [stamp, stamp]);
    assert(lines.every((line) => line.split('trace_id').length === 2));
    assert.equal(parsed[1]?.['part'], 'child');
  });

  it('carries them beside a nested key, and leaves the objects of the application alone', async () => {
    const logger = pino({ nestedKey: 'payload', redact: ['secret'] }, destination);
    const fixed = Object.freeze({ own: 1 });
    const { parsed, stamp } = await logUnderSpan(() => logger.info(fixed, 'frozen'));
    assert.deepEqual(parsed.map(stampOf), [stamp]);
    assert.deepEqual(parsed[0]?.['payload'], { own: 1 });
  });

  it('carries them once where a serializer logs with the same logger', async () => {
    const logger = pino(
      { serializers: { noisy: (value: string) => (value === 'outer' && logger.info({ noisy: 'inner' }), value) } },
      destination,
    );
    const { parsed, stamp } = await logUnderSpan(() => logger.info({ noisy: 'outer' }));
    assert.deepEqual(parsed.map(stampOf), [stamp, stamp]);
    assert(lines.every((line) => line.split('trace_id').length === 2));
  });

  it('carries none outside of a span, also after one, and after a serializer that threw', async () => {
    const bad = () => {
      throw new Error('serializer');
    };
    const logger = pino({ serializers: { bad } }, destination);
    await logUnderSpan(() => assert.throws(() => logger.info({ bad: 1 }), /serializer/));
    logger.info('later');
    assert.deepEqual(
      lines.map((line) => line.includes('trace_id')),
      [false],
    );
  });
});
