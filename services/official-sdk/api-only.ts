/**
 * What LAB_TRACER=api loads before a program: OpenTelemetry's own HTTP, undici and Fastify instrumentation with nothing but
 * `@opentelemetry/api` behind it, which is what instrumented code pays when nobody installed a tracer.
 */
import { officialInstrumentations } from './instrumentations.ts';

// Made is switched on: an instrumentation needs no provider, and takes the API's no-op tracer without one.
officialInstrumentations(process.env);
