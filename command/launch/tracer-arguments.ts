import { UsageError } from '../program/outcome.ts';

/**
 * `lab`: ours. `otel`: the official Node SDK with its own instrumentation. `api`: that instrumentation alone, with nothing
 * but the API behind it. `none`: no instrumentation at all.
 */
export const TRACER_NAMES = ['lab', 'otel', 'none', 'api'] as const;
export type TracerName = (typeof TRACER_NAMES)[number];

/** Reads LAB_TRACER; throws a UsageError for anything unknown. */
export function parseTracerName(text: string | undefined): TracerName {
  if (text === undefined || text === '') return 'lab';
  const known = TRACER_NAMES.find((name) => name === text);
  if (known !== undefined) return known;
  throw new UsageError(`LAB_TRACER=${text} is unknown: use one of ${TRACER_NAMES.join(', ')}`);
}

/**
 * The arguments of node that load the tracer before the program: the program itself knows only the API. The names stand
 * under "imports" of the project's package.json, so they work where the working folder is the project.
 */
export function tracerArguments(tracer: TracerName): string[] {
  return tracer === 'none' ? [] : ['--import', `#tracer/${tracer}`];
}
