import type { ServiceUsage } from '@tracelab/protocol';
import { readUsage } from '@tracelab/command';
import { spansDroppedTotal } from '@tracelab/protocol';
import type { Route } from '../route.ts';
import { currentSpanCounts } from './tracing.ts';

/** `GET /_lab/usage`: what this process has used since it started. */
export function usageRoutes(requestCount: () => number): Route[] {
  return [{ method: 'GET', path: '/_lab/usage', handle: () => usage(requestCount()) }];
}

function usage(requests: number): ServiceUsage {
  const counts = currentSpanCounts();
  return {
    pid: process.pid,
    ...readUsage(),
    requests,
    spansCreated: counts?.spansCreated ?? 0,
    spansSampled: counts?.spansSampled ?? 0,
    spansExported: counts?.spansExported ?? 0,
    spansDropped: counts === undefined ? 0 : spansDroppedTotal(counts),
  };
}
