import { startTracing } from '../test-kit/tracing.ts';
import type { Subject } from './subject.ts';

/** Our tracer, exporting over HTTP to a sink in this process. */
export const labSubject: Subject = {
  name: 'lab',
  start: async (environment) => {
    const tracing = await startTracing(environment);
    return { spans: tracing.spans, shutdown: tracing.close };
  },
};
