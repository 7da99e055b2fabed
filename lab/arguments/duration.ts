import { accept, refuse } from '@tracelab/protocol';
import type { Result } from '@tracelab/protocol';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
type Unit = keyof typeof UNIT_MS;

/** At most nine digits and six decimals: every number of this form is exact to the microsecond, and none is infinite. */
const FORM = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)$/;
const ALLOWED = 'a number with its unit ms, s, m or h, such as 870ms or 1.5s';

/** Reads `870ms`, `1.5s`, `2m` or `1h` as milliseconds. A bare number is refused: its unit would be a guess. */
export function parseDuration(text: string): Result<number> {
  const parts = FORM.exec(text.trim());
  if (parts === null) return refuse(`a duration should be ${ALLOWED}: was "${text}"`);
  const us = Number(parts[1]) * UNIT_MS[parts[2] as Unit] * 1_000;
  return accept(Math.round(us) / 1_000);
}

/** Writes milliseconds in the largest unit that needs no rounding, so that `parseDuration` reads the same number back. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    if (ms >= UNIT_MS[unit] && ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`;
  }
  return `${ms}ms`;
}
