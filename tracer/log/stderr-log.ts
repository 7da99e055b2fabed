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

/** At most one line in the interval; the next one says how many were left out. */
export function warnRarely(
  warn: (sentence: string) => void,
  nowMs: () => number,
  intervalMs: number,
): (sentence: string) => void {
  let nextMs = -Infinity;
  let leftOutCount = 0;
  return (sentence) => {
    if (nowMs() < nextMs) {
      leftOutCount++;
      return;
    }
    nextMs = nowMs() + intervalMs;
    warn(leftOutCount === 0 ? sentence : `${sentence} (${leftOutCount} more warnings since the last one)`);
    leftOutCount = 0;
  };
}
