/** What a trace means, and what a measurement says. Pure ECMAScript, as protocol is. */
export { SERVICE_NAME_UNKNOWN, attributeOf, flattenTracesData, serviceNameOf } from './trace/flatten.ts';
export type { TraceSpan } from './trace/flatten.ts';
export { mergeTracesData } from './trace/merge.ts';
export { selfTimeNano } from './trace/self-time.ts';
export { summarizeTrace } from './trace/summarize.ts';
export { buildTraceTree, visitInOrder } from './trace/tree.ts';
export type { SpanNode, TraceTree } from './trace/tree.ts';
export { bootstrapMean, bootstrapPairedDifference } from './statistics/restart-bootstrap.ts';
export type { BlockPair, BootstrapOptions, PairedDifference, PairedRestart } from './statistics/restart-bootstrap.ts';
export { minimumDetectableEffect } from './statistics/interval.ts';
export type { IntervalEstimate } from './statistics/interval.ts';
export { NORMAL_QUANTILE_95, studentQuantile95 } from './statistics/student-t.ts';
export { mean, standardDeviation } from './statistics/summary.ts';
export { createRandom } from '@tracelab/protocol';
export type { Random } from '@tracelab/protocol';
