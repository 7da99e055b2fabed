import { performance } from 'node:perf_hooks';
import type { Injection, SpanCounts } from '@tracelab/protocol';
import { defineMetrics } from '@tracelab/command';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tracerMetrics } from './tracer-metrics.ts';

/** Requests of a service's business, and what the lab broke in them. Labels come from registered routes: no caller can add a series. */
export interface ServiceMetrics {
  onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  countInjection: (injection: Injection) => void;
  requestCount: () => number;
  text: () => Promise<{ contentType: string; body: string }>;
}

/** `spanCounts` of the process's tracer, where it has one that counts. */
export function createServiceMetrics(spanCounts: (() => SpanCounts) | undefined): ServiceMetrics {
  const metrics = defineMetrics({
    ...(spanCounts === undefined ? {} : tracerMetrics(spanCounts)),
    requests: {
      type: 'counter',
      name: 'tracelab_service_requests',
      help: 'Requests answered; status "closed" where the connection ended without an answer',
      labels: ['route', 'method', 'status'],
    },
    duration: {
      type: 'histogram',
      name: 'tracelab_service_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer',
      labels: ['route', 'method'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
    injections: {
      type: 'counter',
      name: 'tracelab_service_faults_injected',
      help: 'Faults injected into requests',
      labels: ['route', 'effect'],
    },
  });
  let requestCount = 0;

  const observe = (request: FastifyRequest, reply: FastifyReply, startMs: number): void => {
    requestCount++;
    const labels = { route: request.routeOptions.url ?? '', method: request.method };
    // "close" comes for every exchange, also for one that was reset: "finish" would miss those.
    const status = reply.raw.writableFinished ? reply.raw.statusCode : 'closed';
    metrics.requests.add(1, { ...labels, status });
    metrics.duration.observe((performance.now() - startMs) / 1000, labels);
  };

  return {
    onRequest: async (request, reply) => {
      const startMs = performance.now();
      reply.raw.once('close', () => observe(request, reply, startMs));
    },
    countInjection: ({ route, delayMs, abort }) => {
      if (delayMs !== undefined) metrics.injections.add(1, { route, effect: 'delay' });
      if (abort !== undefined) metrics.injections.add(1, { route, effect: abort.kind });
    },
    requestCount: () => requestCount,
    text: metrics.text,
  };
}
