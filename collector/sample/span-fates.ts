/** What became of the spans of a request when none of them is pending any more, in spans. The rest of what was received was sampled out. */
export interface SpanFates {
  received: number;
  droppedDuplicate: number;
  droppedAtEnd: number;
  kept: number;
}

export function noFates(): SpanFates {
  return { received: 0, droppedDuplicate: 0, droppedAtEnd: 0, kept: 0 };
}

export function addFates(total: SpanFates, fates: Readonly<SpanFates>): void {
  total.received += fates.received;
  total.droppedDuplicate += fates.droppedDuplicate;
  total.droppedAtEnd += fates.droppedAtEnd;
  total.kept += fates.kept;
}
