import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { diag } from '@opentelemetry/api';

type Listener = (message: object) => void;

/**
 * Listens to channels of node:diagnostics_channel. Node turns a listener's exception into an uncaught one, which would
 * end the application: here it becomes one line of the log.
 */
export function subscribeAll(listeners: Readonly<Record<string, Listener>>): () => void {
  const guarded = Object.entries(listeners).map(([channel, listen]) => {
    const guard = (message: unknown): void => {
      try {
        if (typeof message === 'object' && message !== null) listen(message);
      } catch (cause) {
        diag.error(`instrumentation of ${channel} failed`, cause);
      }
    };
    subscribe(channel, guard);
    return { channel, guard };
  });
  return () => {
    for (const { channel, guard } of guarded) unsubscribe(channel, guard);
  };
}
