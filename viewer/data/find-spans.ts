import { formatAttributeValue } from './attribute-text.ts';
import type { TraceIndex } from './trace-index.ts';

/** Positions in `index.nodes`, ascending, of the spans whose service, name, id or an attribute holds the text, whatever its case. */
export function findSpans(index: TraceIndex, text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const holds = (candidate: string): boolean => candidate.toLowerCase().includes(wanted);
  const found: number[] = [];
  index.nodes.forEach(({ span }, position) => {
    const isFound =
      holds(span.name) ||
      holds(span.serviceName) ||
      span.spanId === wanted ||
      span.attributes.some(({ key, value }) => holds(key) || holds(formatAttributeValue(value)));
    if (isFound) found.push(position);
  });
  return found;
}

/** The next of these positions after `from`, round the end; `step` -1 goes back. Undefined where there is none. */
export function nextPosition(positions: readonly number[], from: number, step: 1 | -1): number | undefined {
  if (step === 1) return positions.find((position) => position > from) ?? positions[0];
  return positions.findLast((position) => position < from) ?? positions.at(-1);
}

export function errorPositions(index: TraceIndex): number[] {
  const positions: number[] = [];
  index.isError.forEach((flag, position) => {
    if (flag === 1) positions.push(position);
  });
  return positions;
}
