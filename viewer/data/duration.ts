/** Durations are bigint nanoseconds everywhere; these functions turn them into text that people read. */

interface DurationUnit {
  symbol: string;
  nano: bigint;
}

const SECOND_NANO = 1_000_000_000n;
const MINUTE_NANO = 60n * SECOND_NANO;
const HOUR_NANO = 60n * MINUTE_NANO;
const UNITS: readonly DurationUnit[] = [
  { symbol: 'ns', nano: 1n },
  { symbol: 'µs', nano: 1_000n },
  { symbol: 'ms', nano: 1_000_000n },
  { symbol: 's', nano: SECOND_NANO },
];
const SIGNIFICANT_DIGITS = 4;

/** Four significant digits at most, in the largest unit that keeps the number at 1 or above: `870.1 ms`, `1.2 s`, `2 min 3 s`. */
export function formatDuration(nano: bigint): string {
  if (nano < 0n) return `−${formatDuration(-nano)}`;
  if (nano === 0n) return '0 ns';
  if (roundTo(nano, 10_000_000n) >= MINUTE_NANO) return formatLong(nano);
  let position = UNITS.findLastIndex((unit) => nano >= unit.nano);
  let text = formatIn(nano, UNITS[position]);
  // Rounding may reach the next unit: 999,999 ns is 1 ms, not 1000 µs.
  if (text === '1000' && position < UNITS.length - 1) {
    position += 1;
    text = '1';
  }
  return `${text} ${UNITS[position]?.symbol ?? 'ns'}`;
}

/** Every nanosecond, with thousands separated: what a tooltip and the clipboard hold. */
export function formatExactNano(nano: bigint): string {
  return `${nano.toLocaleString('en-US')} ns`;
}

function formatIn(nano: bigint, unit: DurationUnit | undefined): string {
  if (unit === undefined) return String(nano);
  const wholeDigits = String(nano / unit.nano).length;
  const decimals = Math.max(0, Math.min(SIGNIFICANT_DIGITS - wholeDigits, String(unit.nano).length - 1));
  const step = unit.nano / 10n ** BigInt(decimals);
  const steps = (nano + step / 2n) / step;
  const digits = String(steps).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Two parts are enough: nobody needs the seconds of a day. Rounding comes first, since it may reach the next unit. */
function formatLong(nano: bigint): string {
  const seconds = roundTo(nano, SECOND_NANO) / SECOND_NANO;
  if (seconds < 3600n) return joinParts(seconds / 60n, 'min', seconds % 60n, 's');
  const minutes = roundTo(nano, MINUTE_NANO) / MINUTE_NANO;
  if (minutes < 24n * 60n) return joinParts(minutes / 60n, 'h', minutes % 60n, 'min');
  const hours = roundTo(nano, HOUR_NANO) / HOUR_NANO;
  return joinParts(hours / 24n, 'd', hours % 24n, 'h');
}

function joinParts(large: bigint, largeUnit: string, small: bigint, smallUnit: string): string {
  return small === 0n ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function roundTo(nano: bigint, step: bigint): bigint {
  return ((nano + step / 2n) / step) * step;
}
