/** The colours of the canvases, read from the tokens of style/tokens.css: one source for the page and for what we draw. */
export interface Palette {
  services: readonly string[];
  /** Text on a bar of the same slot. */
  serviceInks: readonly string[];
  error: string;
  ink: string;
  inkQuiet: string;
  line: string;
  lineStrong: string;
  surface: string;
  rowHover: string;
  rowSelected: string;
  match: string;
  accent: string;
  accentWash: string;
  shade: string;
  font: string;
}

export function readPalette(element: HTMLElement, serviceColours: number): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const slots = Array.from({ length: serviceColours }, (_, slot) => slot);
  return {
    services: slots.map((slot) => token(`service-${slot}`)),
    serviceInks: slots.map((slot) => token(slot < serviceColours / 2 ? 'service-ink-a' : 'service-ink-b')),
    error: token('error'),
    ink: token('ink'),
    inkQuiet: token('ink-quiet'),
    line: token('line'),
    lineStrong: token('line-strong'),
    surface: token('surface'),
    rowHover: token('row-hover'),
    rowSelected: token('row-selected'),
    match: token('match'),
    accent: token('accent'),
    accentWash: token('accent-wash'),
    shade: token('shade'),
    font: `11.5px ${token('font-sans')}`,
  };
}

/** Calls back whenever the system's theme or contrast changes, so that canvases draw again with the new tokens. */
export function watchTheme(onChange: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'].map((query) =>
    window.matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', onChange);
  return () => {
    for (const query of queries) query.removeEventListener('change', onChange);
  };
}
