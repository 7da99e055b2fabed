import type { StoredEvent } from '@tracelab/protocol';
import type { StoredNotice, TraceStore } from '../store/trace-store.ts';

/** Somebody who listens. `write` answers false when their connection is full: they then miss events, not memory of ours. */
export interface EventClient {
  write: (text: string) => boolean;
}

const EVENT_INTERVAL_MS = 250;
const HEARTBEAT_INTERVAL_MS = 15_000;
const CLIENTS_MAX = 64;

export interface EventTimer {
  /** Calls once after the time; does not keep the process alive. */
  after: (ms: number, act: () => void) => () => void;
}

/** Tells every client that traces were stored: at once, then at most four times a second, summed up. */
export class StoredEvents {
  readonly #timer: EventTimer;
  readonly #clients = new Set<EventClient>();
  readonly #unsubscribe: () => void;
  #waiting: StoredNotice | undefined;
  #isResting = false;
  #cancelRest: (() => void) | undefined;
  #cancelHeartbeat: () => void;

  constructor(store: TraceStore, timer: EventTimer) {
    this.#timer = timer;
    this.#unsubscribe = store.onStored((stored) => this.#add(stored));
    this.#cancelHeartbeat = timer.after(HEARTBEAT_INTERVAL_MS, () => this.#beat());
  }

  get hasRoom(): boolean {
    return this.#clients.size < CLIENTS_MAX;
  }

  join(client: EventClient): void {
    this.#clients.add(client);
    client.write(': connected\n\n');
  }

  leave(client: EventClient): void {
    this.#clients.delete(client);
  }

  close(): void {
    this.#unsubscribe();
    this.#cancelRest?.();
    this.#cancelHeartbeat();
  }

  #add(stored: StoredNotice): void {
    const newest = this.#waiting?.newestStartTimeUnixNano ?? 0n;
    this.#waiting = {
      tracesStored: (this.#waiting?.tracesStored ?? 0) + stored.tracesStored,
      newestStartTimeUnixNano: stored.newestStartTimeUnixNano > newest ? stored.newestStartTimeUnixNano : newest,
    };
    if (!this.#isResting) this.#send(this.#waiting);
  }

  #send(stored: StoredNotice): void {
    const event: StoredEvent = {
      tracesStored: stored.tracesStored,
      newestStartTimeUnixNano: stored.newestStartTimeUnixNano.toString(),
    };
    for (const client of this.#clients) client.write(`event: stored\ndata: ${JSON.stringify(event)}\n\n`);
    this.#waiting = undefined;
    this.#isResting = true;
    this.#cancelRest = this.#timer.after(EVENT_INTERVAL_MS, () => {
      this.#isResting = false;
      if (this.#waiting !== undefined) this.#send(this.#waiting);
    });
  }

  /** Keeps proxies from closing a silent stream. */
  #beat(): void {
    for (const client of this.#clients) client.write(': still here\n\n');
    this.#cancelHeartbeat = this.#timer.after(HEARTBEAT_INTERVAL_MS, () => this.#beat());
  }
}
