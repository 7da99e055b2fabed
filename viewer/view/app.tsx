import { useEffect } from 'preact/hooks';
import { addressProblems, dismissAddressProblems, viewState, visit } from '../data/address-bar.ts';
import { readViewState } from '../data/url-state.ts';
import type { ViewState } from '../data/url-state.ts';
import { ExplainPage } from './explain-page.tsx';
import { SearchPage } from './search-page.tsx';
import { TracePage } from './trace-page.tsx';

export function App() {
  useEffect(() => {
    document.addEventListener('click', followLink);
    return () => document.removeEventListener('click', followLink);
  }, []);
  return (
    <>
      <AddressNotice />
      <Page state={viewState.value} />
    </>
  );
}

function Page({ state }: { state: ViewState }) {
  if (state.page === 'search') return <SearchPage />;
  if (state.page === 'explain') return <ExplainPage key={state.traceId} traceId={state.traceId} />;
  return <TracePage key={state.traceId} traceId={state.traceId} />;
}

function AddressNotice() {
  const problems = addressProblems.value;
  if (problems.length === 0) return null;
  return (
    <section class="notice" role="status" data-field="address-problems">
      <p>
        <b>Part of the address could not be read and was left out.</b> {problems.join('; ')}.
      </p>
      <button type="button" class="button" onClick={dismissAddressProblems}>
        Dismiss
      </button>
    </section>
  );
}

/** Plain clicks on our own links stay in the page; with a modifier key they open elsewhere, as links do. */
function followLink(event: MouseEvent): void {
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!isPlain || event.defaultPrevented || link === null || link.origin !== window.location.origin) return;
  event.preventDefault();
  visit(readViewState(link).state);
}
