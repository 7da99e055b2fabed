import type { ServiceUsage, SpanCounts } from '@tracelab/protocol';
import { readUsage } from '@tracelab/command';
import type { Route } from '../route.ts';
import { currentSpanCounts } from './tracing.ts';

/** `GET /_lab/usage`: what this process has used since it started. */
export function usageRoutes(requestCount: () => number): Route[] {
  return [{ method: 'GET', path: '/_lab/usage', handle: () => usage(requestCount()) }];
}

const NO_SPANS: SpanCounts = {
  spansCreated: 0,
  spansSampled: 0,
  spansExported: 0,
  spansDroppedQueueFull: 0,
  spansDroppedExportFailed: 0,
  spansQueued: 0,
};

function usage(requests: number): ServiceUsage {
  const counts = currentSpanCounts() ?? NO_SPANS;
  return {
    pid: process.pid,
    ...readUsage(),
    requests,
    spansCreated: counts.spansCreated,
    spansSampled: counts.spansSampled,
    spansExported: counts.spansExported,
    spansDropped: counts.spansDroppedQueueFull + counts.spansDroppedExportFailed,
  };
}
