/** What became of the spans of a request when none of them is pending any more, in spans. The rest of what was received was sampled out. */
export interface SpanFates {
  received: number;
  droppedDuplicate: number;
  kept: number;
}

export function noFates(): SpanFates {
  return { received: 0, droppedDuplicate: 0, kept: 0 };
}

export function addFates(total: SpanFates, { received, droppedDuplicate, kept }: Readonly<SpanFates>): void {
  total.received += received;
  total.droppedDuplicate += droppedDuplicate;
  total.kept += kept;
}
