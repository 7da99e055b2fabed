/** What a trace means, and what a measurement says. Pure ECMAScript, as protocol is. */
export { SERVICE_NAME_UNKNOWN, attributeOf, flattenTracesData, serviceNameOf } from './trace/flatten.ts';
export type { TraceSpan } from './trace/flatten.ts';
export { mergeTracesData } from './trace/merge.ts';
export { selfTimeNano } from './trace/self-time.ts';
export { summarizeTrace } from './trace/summarize.ts';
export { buildTraceTree, visitInOrder } from './trace/tree.ts';
export type { SpanNode, TraceTree } from './trace/tree.ts';
export { createRandom } from '@tracelab/protocol';
export type { Random } from '@tracelab/protocol';
