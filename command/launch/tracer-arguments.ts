import { UsageError } from '../program/outcome.ts';

export const TRACER_NAMES = ['lab', 'none'] as const;
export type TracerName = (typeof TRACER_NAMES)[number];

const NOT_BUILT_YET = ['otel', 'api'];

/** Reads LAB_TRACER; throws a UsageError for the two that later work brings and for anything unknown. */
export function parseTracerName(text: string | undefined): TracerName {
  if (text === undefined || text === '') return 'lab';
  const known = TRACER_NAMES.find((name) => name === text);
  if (known !== undefined) return known;
  const reason = NOT_BUILT_YET.includes(text) ? 'is not built yet' : 'is unknown';
  throw new UsageError(`LAB_TRACER=${text} ${reason}: use one of ${TRACER_NAMES.join(', ')}`);
}

/** The arguments of node that load the tracer before the program: the program itself knows only the API. */
export function tracerArguments(tracer: TracerName): string[] {
  return tracer === 'lab' ? ['--import', '@tracelab/tracer/register'] : [];
}
