/**
 * Says when new traces were stored. Pushed by the collector's event stream; where the stream breaks, a clock takes
 * over, and the stream is tried again:
 *
 *     connecting ──open──▶ streaming ──error──▶ polling ──open──▶ streaming
 *          └───────error──────────────────────────▲
 */
export type FeedStatus = 'connecting' | 'streaming' | 'polling';

export interface LiveFeed {
  close: () => void;
}

export interface LiveFeedEvents {
  onStored: () => void;
  onStatus: (status: FeedStatus) => void;
}

const POLL_MS = 2_000;
const RECONNECT_MS = 10_000;

export function openLiveFeed(events: LiveFeedEvents): LiveFeed {
  let source: EventSource | undefined;
  let pollTimer = 0;
  let reconnectTimer = 0;

  function connect(): void {
    source = new EventSource('/api/lab/events');
    source.addEventListener('open', stream);
    source.addEventListener('stored', events.onStored);
    source.addEventListener('error', poll);
  }

  function stream(): void {
    stopTimers();
    events.onStatus('streaming');
    // What was stored before the stream opened was not announced on it.
    events.onStored();
  }

  function poll(): void {
    source?.close();
    stopTimers();
    events.onStatus('polling');
    pollTimer = setInterval(events.onStored, POLL_MS);
    reconnectTimer = setTimeout(connect, RECONNECT_MS);
  }

  function stopTimers(): void {
    clearInterval(pollTimer);
    clearTimeout(reconnectTimer);
  }

  events.onStatus('connecting');
  connect();
  return {
    close: () => {
      stopTimers();
      source?.close();
    },
  };
}
