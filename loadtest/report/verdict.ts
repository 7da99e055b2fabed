import { minimumDetectableEffect, type Interval } from '@tracelab/model';
import { formatInterval, formatNumber, formatSigned } from './format.ts';
import { excludesZero, isBounded, width } from './interval.ts';

/** What the table is judged by: the control row compares `none` with itself, so its interval is the machine's own noise. */
export interface Control {
  /** Width of the control row's interval in per cent of the CPU of `none`. */
  widthPercent: number;
  isTooNoisy: boolean;
  /** A smaller difference than this one could not have been seen. */
  minimumDetectableUs: number;
}

/** Wider than this, and the control row itself could hide a tenth of a request: no verdict (issue 4). */
export const CONTROL_WIDTH_PERCENT_MAX = 10;

export function judgeControl(added: Interval, noneUsPerRequest: number): Control {
  const widthPercent = (width(added) / noneUsPerRequest) * 100;
  const isTooNoisy = !(widthPercent <= CONTROL_WIDTH_PERCENT_MAX);
  return { widthPercent, isTooNoisy, minimumDetectableUs: minimumDetectableEffect(added) };
}

/**
 * One sentence for one row. A difference is claimed where its interval leaves zero out and it is larger than what the control
 * row shows between two equal sets. Elsewhere it says what could have been seen (MDE, the minimum detectable effect), so
 * that "no difference seen" never reads as "no cost".
 */
export function verdictOf(added: Interval, control: Control): string {
  if (!isBounded(added)) return 'no verdict: one restart has no interval';
  if (control.isTooNoisy) return 'too noisy for a verdict';
  if (isClaimed(added, control)) return formatVerdict(added);
  return `no difference seen (MDE ${formatNumber(minimumDetectableUs(added, control))} µs)`;
}

/** Whether a row may be said to differ from the baseline. */
export function isClaimed(added: Interval, control: Control): boolean {
  const isLarger = Math.abs(added.estimate) > control.minimumDetectableUs;
  return isBounded(added) && !control.isTooNoisy && excludesZero(added) && isLarger;
}

/** How far the control row's interval reaches from zero, or half of the row's own interval where that is more. */
export function minimumDetectableUs(added: Interval, control: Control): number {
  return Math.max(control.minimumDetectableUs, width(added) / 2);
}

/** A row whose cost is known: whether the table finds it. */
export function verdictOfInjected(added: Interval, injectedUs: number): string {
  if (!isBounded(added)) return 'no verdict: one restart has no interval';
  const isHeld = added.low <= injectedUs && injectedUs <= added.high;
  return `${isHeld ? 'holds' : 'MISSES'} the ${injectedUs} µs that were injected`;
}

/** Whole microseconds where they suffice: "+12 µs [9..15]". */
function formatVerdict(added: Interval): string {
  const isLarge = Math.abs(added.low) >= 2 && Math.abs(added.high) >= 2;
  const round = (value: number): string =>
    isLarge ? formatSigned(Math.round(value)).replace('.0', '') : formatSigned(value);
  const bounds = `${round(added.low)}..${round(added.high)}`;
  return `${round(added.estimate)} µs [${added.low > 0 ? bounds.replaceAll('+', '') : bounds}]`;
}

/** The interval as a cell of the table, signed. */
export function formatAdded(added: Interval): string {
  return formatInterval(added, formatSigned);
}

/** Whether a figure is at most its target: by the estimate; it says so where the interval holds the limit. */
export function judgeTarget({ estimate, low, high }: Interval, limit: number): string {
  if (!isBounded({ estimate, low, high })) return 'cannot be told (no interval)';
  const verdict = estimate <= limit ? 'met' : 'not met';
  return low <= limit && limit < high ? `${verdict}, but not surely` : verdict;
}
