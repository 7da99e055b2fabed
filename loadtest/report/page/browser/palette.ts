import type { Tone } from '../chart-data.ts';

/** The page's colours as a canvas takes them. */
export interface Palette {
  ink: string;
  inkQuiet: string;
  line: string;
  lineStrong: string;
  surface: string;
  noise: string;
  shade: string;
  tones: Readonly<Record<Tone, string>>;
}

export const FONT = '12px system-ui, -apple-system, "Segoe UI", sans-serif';

const TONES: readonly Tone[] = ['baseline', 'control', 'api', 'lab', 'otel', 'other'];

/** As the theme in force has them: a canvas knows no custom properties, so an element is asked. */
export function readPalette(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const tones = Object.fromEntries(TONES.map((tone) => [tone, colour(`tone-${tone}`)])) as Record<Tone, string>;
  const palette = {
    ink: colour('ink'),
    inkQuiet: colour('ink-quiet'),
    line: colour('line'),
    lineStrong: colour('line-strong'),
    surface: colour('surface'),
    noise: colour('noise'),
    shade: colour('stripe'),
    tones,
  };
  probe.remove();
  return palette;
}
