import type { Interval } from '@tracelab/model';
import { isBounded } from './interval.ts';

/** Microseconds and per cent: one decimal below 100, none above; never more digits than the interval can hold. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) < 99.95 ? 1 : 0;
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** With its sign, zero without one. */
export function formatSigned(value: number): string {
  const text = formatNumber(value);
  return Number(text) > 0 ? `+${text}` : text;
}

/** "98.8 [96.1..101.4]" */
export function formatInterval(interval: Interval, format: (value: number) => string = formatNumber): string {
  const range = isBounded(interval) ? `${format(interval.low)}..${format(interval.high)}` : 'no interval';
  return `${format(interval.estimate)} [${range}]`;
}

/** "12,345" */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** A count that is none: "11.6", and from 100 on without its fraction. */
export function formatExpected(count: number): string {
  return count < 100 ? formatNumber(count) : formatCount(count);
}

/** "1 round", "18 rounds" */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** "3 min 42 s", "42 s" */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
