import { lastSearch, setLive } from './search-session.ts';
import type { SearchSession } from './search-session.ts';

const FEED_TEXT = { connecting: 'connecting', streaming: 'live', polling: 'live, asking every 2 s' } as const;
const FEED_TITLE = {
  connecting: 'Opening the collector’s event stream',
  streaming: 'New traces appear as the collector stores them',
  polling: 'The event stream broke; it is tried again every 10 s',
} as const;

/** Live or paused, and how: switching it never loses a trace, it only stops the list from moving under the reader. */
export function LiveSwitch({ session }: { session: SearchSession }) {
  const { isLive } = lastSearch.value;
  const feed = session.feed.value;
  return (
    <div class="live-switch">
      {!isLive && session.hasNews.value && (
        <button type="button" class="button is-primary" onClick={() => session.refresh()}>
          Show new traces
        </button>
      )}
      <button
        type="button"
        role="switch"
        aria-checked={isLive}
        class="button"
        data-field="live"
        title={isLive ? FEED_TITLE[feed] : 'The list stands still'}
        onClick={() => {
          setLive(!isLive);
          if (!isLive) session.refresh();
        }}
      >
        <span class={`live-dot is-${isLive ? feed : 'paused'}`} aria-hidden="true" />
        {isLive ? FEED_TEXT[feed] : 'paused'}
      </button>
    </div>
  );
}
