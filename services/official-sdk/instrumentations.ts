import { FastifyOtelInstrumentation } from '@fastify/otel';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';

type Instrumentations = (HttpInstrumentation | UndiciInstrumentation | FastifyOtelInstrumentation)[];

/**
 * OpenTelemetry's own instrumentation of what the services are made of, in its default settings: node:http (patched while
 * Fastify requires it), fetch and Fastify (both over diagnostics channels). Paths that begin as TRACELAB_IGNORE_PATHS says
 * get no spans, nor does what handles them.
 */
export function officialInstrumentations(environment: Readonly<Record<string, string | undefined>>): Instrumentations {
  const ignored = (environment['TRACELAB_IGNORE_PATHS'] ?? '')
    .split(',')
    .map((prefix) => prefix.trim())
    .filter((prefix) => prefix !== '');
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url = '/' }) => ignored.some((prefix) => url.startsWith(prefix)),
    }),
    new UndiciInstrumentation(),
    new FastifyOtelInstrumentation({ registerOnInitialization: true }),
  ];
}
