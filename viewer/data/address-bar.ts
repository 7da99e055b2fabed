import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { readViewState, writeViewState } from './url-state.ts';
import type { ViewState } from './url-state.ts';

/** Browsers refuse more than some 100 address changes in 30 seconds: steps in place are written once they pause. */
const REPLACE_DELAY_MS = 300;

const read = readViewState(window.location);
const current = signal<ViewState>(read.state);
const complaints = signal<readonly string[]>(read.problems);
let replaceTimer = 0;

/** What is shown. The address bar follows it, and it follows the back and forward buttons. */
export const viewState: ReadonlySignal<ViewState> = current;
/** What could not be read from the address the viewer was opened with. */
export const addressProblems: ReadonlySignal<readonly string[]> = complaints;

/** A step that the back button undoes: another page, another search. */
export function visit(state: ViewState): void {
  flushAddress();
  complaints.value = [];
  if (writeViewState(state) !== writeViewState(current.value))
    window.history.pushState(null, '', writeViewState(state));
  current.value = state;
}

/** A step within the page, such as a selection: kept in the address, not in the history. */
export function adjust(state: ViewState): void {
  current.value = state;
  clearTimeout(replaceTimer);
  replaceTimer = setTimeout(flushAddress, REPLACE_DELAY_MS);
}

export function dismissAddressProblems(): void {
  complaints.value = [];
}

function flushAddress(): void {
  clearTimeout(replaceTimer);
  const wanted = writeViewState(current.value);
  if (wanted !== window.location.pathname + window.location.search) window.history.replaceState(null, '', wanted);
}

window.addEventListener('pagehide', flushAddress);
window.addEventListener('popstate', () => {
  clearTimeout(replaceTimer);
  const next = readViewState(window.location);
  current.value = next.state;
  complaints.value = next.problems;
});
