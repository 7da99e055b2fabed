import { useEffect, useRef } from 'preact/hooks';

const KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓ PgUp PgDn Home End', 'move the row cursor'],
  ['→', 'expand, or go to the first child'],
  ['←', 'collapse, or go to the parent'],
  ['Enter', 'details of the span'],
  ['Esc', 'back one step: details, zoom, trace'],
  ['/ then n, N', 'find spans, next, previous'],
  ['e', 'next error'],
  ['+ − 0', 'zoom in, out, whole trace'],
  ['drag on the ruler', 'zoom to what was dragged over'],
  ['Ctrl + wheel', 'zoom at the pointer'],
  ['Shift + wheel', 'pan'],
  ['double click', 'zoom to the span'],
  ['Alt + click', 'collapse or expand all siblings'],
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="help" ref={dialog} aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keyboard and mouse</h2>
      <dl>
        {KEYS.map(([keys, action]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="button is-primary" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
