import type { EventEmitter } from 'node:events';

/** Runs a function in some context. */
type Binder = <F extends (...args: never[]) => unknown>(fn: F) => F;

/**
 * All listeners of the emitter run in the context, whoever emits: `emit` is bound instead of the methods that add and
 * remove listeners, so that these stay as they are. An emitter that is bound twice keeps its first context.
 */
export function bindEmitter(emitter: EventEmitter, bind: Binder): void {
  const emit = bind(emitter.emit.bind(emitter));
  Object.defineProperty(emitter, 'emit', { value: emit, configurable: true, writable: true });
}
