import type { Subject } from '../subject/subject.ts';

/** One thing that is measured of each subject. */
export interface SpanCase {
  /** As `--case` takes it and the JSON names it. */
  readonly name: string;
  readonly title: string;
  /** Spans that one operation adds to the batch. */
  readonly spansEncoded: number;
  /** Of issue 5: at most this share of the SDK's time. */
  readonly ratioMax?: number;
  /** Of issue 5: at most so many bytes of heap for each operation. */
  readonly heapBytesMax?: number;
  /** Makes the operation; what it returns is kept, so that nothing of it can be optimised away. */
  prepare: (subject: Subject) => () => unknown;
}
