/** The tracer of Tracelab: spans for code written against `@opentelemetry/api`. See register.ts for no code at all. */
export { start } from './start.ts';
export type { StartOptions, TracerHandle } from './start.ts';
export type { Environment, Settings } from './config/read-settings.ts';
export { extractMessage, injectMessage, messageLinks } from './messages/message-context.ts';
export type { MessageHeaders, ReceivedMessage } from './messages/message-context.ts';
export { traceProcess, traceProcessBatch, traceSend } from './messages/message-spans.ts';
export type { MessageQueue } from './messages/message-spans.ts';
