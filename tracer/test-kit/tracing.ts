import assert from 'node:assert/strict';
import { start } from '../start.ts';
import type { Environment } from '../config/read-settings.ts';
import type { TracerHandle } from '../start.ts';
import { OtlpSink } from './otlp-sink.ts';
import type { ReceivedSpan } from './received-span.ts';

/** A started tracer and the sink that it exports to. */
export interface Tracing {
  handle: TracerHandle;
  sink: OtlpSink;
  /** Flushes and takes what arrived. */
  spans: () => Promise<ReceivedSpan[]>;
  /** Fails where a span was started and never ended, sent twice, or not looked at. */
  close: () => Promise<void>;
}

export async function startTracing(environment: Environment = {}): Promise<Tracing> {
  const sink = await OtlpSink.open();
  const handle = startOrClose(sink, {
    OTEL_SERVICE_NAME: 'test',
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    // The sink runs in the same process: without this it would be traced as any server.
    TRACELAB_IGNORE_PATHS: '/v1/traces',
    ...environment,
  });
  return {
    handle,
    sink,
    spans: async () => {
      await handle.forceFlush();
      return sink.take();
    },
    close: async () => {
      await handle.shutdown();
      const { spansSampled, spansExported, spansQueued } = handle.switch.counts();
      await sink.close();
      assert.deepEqual(
        { spansExported, spansQueued },
        { spansExported: spansSampled, spansQueued: 0 },
        'all spans ended',
      );
    },
  };
}

/** An open sink would keep a process alive whose tests have failed already. */
function startOrClose(sink: OtlpSink, environment: Environment): TracerHandle {
  try {
    return start({ environment });
  } catch (error) {
    void sink.close();
    throw error;
  }
}
