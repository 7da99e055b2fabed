import { accept, assertNever, refuse } from '@tracelab/protocol';
import type { Delay, Result } from '@tracelab/protocol';
import { formatDuration, parseDuration } from './duration.ts';

const FORMS = '870ms, uniform:100ms..300ms, normal:200ms,50ms (mean, deviation) or lognormal:80ms,900ms (median, p99)';

/** Reads the `--delay` of `lab fault add`: a fixed duration or a distribution with its two parameters. */
export function parseDelay(text: string): Result<Delay> {
  const colon = text.indexOf(':');
  if (colon < 0) {
    const fixed = parseDuration(text);
    return fixed.ok ? accept({ kind: 'fixed', ms: fixed.value }) : refuse(`--delay should be ${FORMS}: was "${text}"`);
  }
  const kind = text.slice(0, colon);
  const pair = parsePair(text.slice(colon + 1), kind === 'uniform' ? '..' : ',');
  if (pair === undefined) return refuse(`--delay should be ${FORMS}: was "${text}"`);
  return distribution(kind, pair, text);
}

/** Writes a delay in the form that `parseDelay` reads. */
export function formatDelay(delay: Delay): string {
  switch (delay.kind) {
    case 'fixed':
      return formatDuration(delay.ms);
    case 'uniform':
      return `uniform:${formatDuration(delay.minMs)}..${formatDuration(delay.maxMs)}`;
    case 'normal':
      return `normal:${formatDuration(delay.meanMs)},${formatDuration(delay.stdDevMs)}`;
    case 'lognormal':
      return `lognormal:${formatDuration(delay.medianMs)},${formatDuration(delay.p99Ms)}`;
    default:
      return assertNever(delay);
  }
}

function distribution(kind: string, [first, second]: [number, number], text: string): Result<Delay> {
  switch (kind) {
    case 'uniform':
      if (second < first) return refuse(`--delay uniform should go from the shorter to the longer time: was "${text}"`);
      return accept({ kind, minMs: first, maxMs: second });
    case 'normal':
      return accept({ kind, meanMs: first, stdDevMs: second });
    case 'lognormal':
      if (second < first) return refuse(`--delay lognormal should have a p99 of at least its median: was "${text}"`);
      return accept({ kind, medianMs: first, p99Ms: second });
    default:
      return refuse(`--delay should be ${FORMS}: was "${text}"`);
  }
}

function parsePair(text: string, separator: string): [number, number] | undefined {
  const [left, right, ...rest] = text.split(separator);
  if (left === undefined || right === undefined || rest.length > 0) return undefined;
  const first = parseDuration(left);
  const second = parseDuration(right);
  return first.ok && second.ok ? [first.value, second.value] : undefined;
}
