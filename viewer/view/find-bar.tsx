import { useRef } from 'preact/hooks';
import { TEXT_LENGTH_MAX } from '../data/search-filter.ts';
import type { TraceSession } from './trace-session.ts';

/** Finds spans by service, operation or attribute; Enter goes from match to match. */
export function FindBar({ session }: { session: TraceSession }) {
  const input = useRef<HTMLInputElement>(null);
  const find = session.find.value;
  const count = session.matches.value.length;
  return (
    <search class="find-bar">
      <input
        id="find"
        type="search"
        ref={input}
        value={find}
        maxLength={TEXT_LENGTH_MAX}
        placeholder="Find spans ( / )"
        aria-label="Find spans"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => session.search(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') session.goToMatch(event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') input.current?.blur();
        }}
      />
      <span class="quiet" role="status" data-field="find-count">
        {find === '' ? '' : `${count} ${count === 1 ? 'match' : 'matches'}`}
      </span>
    </search>
  );
}
