import type { DecidedTrace } from '../sample/decided-trace.ts';
import type { TraceQuery } from './trace-store.ts';

/** What the main thread asks of the store's worker, one answer each. */
export type StoreRequest =
  | { method: 'write'; batch: readonly DecidedTrace[] }
  | { method: 'readParts'; traceId: string }
  | { method: 'search'; query: TraceQuery }
  | { method: 'services' }
  | { method: 'operations'; service: string }
  | { method: 'close' };

export interface NumberedRequest {
  id: number;
  request: StoreRequest;
}

/** `opened` comes first, without an id. */
export type StoreAnswer =
  | { kind: 'opened' }
  | { kind: 'failedToOpen'; message: string }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failure'; id: number; message: string };
