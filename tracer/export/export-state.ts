/**
 * The exporter's life. One request at a time, one retry chain at a time; spans are taken in every state but `closed`.
 *
 *            add                due               emptied
 *    idle ─────────► batching ────────► sending ─────────► idle
 *                       ▲                 │ │
 *                       └──── settled ────┘ │ wait (a retry, or the server's Retry-After)
 *                       ▲                   ▼
 *                       └──── resume ── backingOff            close, from everywhere ──► closed
 */
export type ExportState = 'idle' | 'batching' | 'sending' | 'backingOff' | 'closed';

/**
 * add: a span came. due: a batch shall go now. settled: a request ended and spans are left. emptied: it ended and none
 * are. wait: nothing may be sent for a while. resume: that while is over. close: the end.
 */
export type ExportEvent = 'add' | 'due' | 'settled' | 'emptied' | 'wait' | 'resume' | 'close';

/** Total: the compiler demands every pair. An event that cannot happen in a state leaves it as it is. */
const NEXT: Record<ExportState, Record<ExportEvent, ExportState>> = {
  idle: {
    add: 'batching',
    due: 'idle',
    settled: 'idle',
    emptied: 'idle',
    wait: 'idle',
    resume: 'idle',
    close: 'closed',
  },
  batching: {
    add: 'batching',
    due: 'sending',
    settled: 'batching',
    emptied: 'idle',
    wait: 'backingOff',
    resume: 'batching',
    close: 'closed',
  },
  sending: {
    add: 'sending',
    due: 'sending',
    settled: 'batching',
    emptied: 'idle',
    wait: 'sending',
    resume: 'sending',
    close: 'closed',
  },
  backingOff: {
    add: 'backingOff',
    due: 'backingOff',
    settled: 'backingOff',
    emptied: 'idle',
    wait: 'backingOff',
    resume: 'batching',
    close: 'closed',
  },
  closed: {
    add: 'closed',
    due: 'closed',
    settled: 'closed',
    emptied: 'closed',
    wait: 'closed',
    resume: 'closed',
    close: 'closed',
  },
};

export function nextState(state: ExportState, event: ExportEvent): ExportState {
  return NEXT[state][event];
}
