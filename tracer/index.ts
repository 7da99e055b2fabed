/** The tracer of Tracelab: spans for code written against `@opentelemetry/api`. See register.ts for no code at all. */
export { start } from './start.ts';
export type { StartOptions, TracerHandle } from './start.ts';
export type { Environment, Settings } from './config/read-settings.ts';
