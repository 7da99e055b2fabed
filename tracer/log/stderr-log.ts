import { DiagLogLevel } from '@opentelemetry/api';
import type { DiagLogger } from '@opentelemetry/api';
import type { Settings } from '../config/read-settings.ts';

export const DIAG_LEVELS: Record<Settings['logLevel'], DiagLogLevel> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

/** One line on standard error for each message: standard output belongs to the application. */
export function createStderrLog(write: (line: string) => void): DiagLogger {
  const line =
    (level: string) =>
    (message: string, ...rest: unknown[]): void =>
      write(`tracer ${level}: ${[message, ...rest.map(String)].join(' ')}\n`);
  return { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug'), verbose: line('debug') };
}

const WARN_INTERVAL_MS_MAX = 600_000;
/** Longer than the exporter needs to find out that a collector is still gone. */
const QUIET_MS = 300_000;

/**
 * At most one line in the interval, the next one says how many were left out. While the trouble lasts the interval doubles,
 * up to ten minutes, so that a collector that is gone for a day does not fill the log; after five quiet minutes it starts again.
 */
export function warnRarely(
  warn: (sentence: string) => void,
  nowMs: () => number,
  intervalMs: number,
): (sentence: string) => void {
  let currentMs = intervalMs;
  let nextMs = -Infinity;
  let lastMs = -Infinity;
  let leftOutCount = 0;
  return (sentence) => {
    const isLasting = nowMs() - lastMs < QUIET_MS;
    lastMs = nowMs();
    if (lastMs < nextMs) {
      leftOutCount++;
      return;
    }
    currentMs = isLasting ? Math.min(2 * currentMs, WARN_INTERVAL_MS_MAX) : intervalMs;
    nextMs = lastMs + currentMs;
    warn(leftOutCount === 0 ? sentence : `${sentence} (${leftOutCount} more warnings since the last one)`);
    leftOutCount = 0;
  };
}
