import { isTraceId } from '@tracelab/protocol';

/** The first trace id in what somebody typed or pasted: the id alone, a traceparent, a link, a line of a log; hex of either case. */
export function traceIdIn(text: string): string | undefined {
  const runs = text.toLowerCase().match(/[0-9a-f]+/g) ?? [];
  return runs.find(isTraceId);
}
