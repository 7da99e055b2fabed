import { context as contextApi, propagation, trace } from '@opentelemetry/api';
import type { ContextManager, TextMapPropagator, TracerProvider } from '@opentelemetry/api';

/** What `@opentelemetry/api` hands out in this process. Without a provider it makes no spans, and propagation works. */
export interface ApiGlobals {
  contextManager: ContextManager;
  propagator: TextMapPropagator;
  provider: TracerProvider | undefined;
}

/**
 * Registers all of it or nothing; returns what takes it out again. Throws where another tracer was first: two would tear
 * every trace.
 */
export function registerApiGlobals({ contextManager, propagator, provider }: ApiGlobals): () => void {
  const steps = [
    { put: () => contextApi.setGlobalContextManager(contextManager), takeOut: () => contextApi.disable() },
    { put: () => propagation.setGlobalPropagator(propagator), takeOut: () => propagation.disable() },
    {
      put: () => provider === undefined || trace.setGlobalTracerProvider(provider),
      takeOut: () => trace.disable(),
    },
  ];
  const refusedAt = steps.findIndex((step) => !step.put());
  const takeOut = (): void => {
    for (const step of steps.slice(0, refusedAt < 0 ? steps.length : refusedAt)) step.takeOut();
  };
  if (refusedAt < 0) return takeOut;
  takeOut();
  throw new Error('another tracer is registered with @opentelemetry/api in this process: start only one of them');
}
