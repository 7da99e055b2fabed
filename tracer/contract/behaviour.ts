import type { Tracer } from '@opentelemetry/api';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import type { Environment, SubjectName } from './subject.ts';

/** What a behaviour works with; contexts, baggage and propagation come from the API. */
export interface Traced {
  readonly tracer: Tracer;
  /** Takes the spans that have ended since the last call. */
  spans: () => Promise<ReceivedSpan[]>;
  /** Takes them and fails where they are not exactly one. */
  span: () => Promise<ReceivedSpan>;
}

/** Something that an application may rely on, with the subjects that are known to do otherwise. */
export interface Behaviour {
  readonly title: string;
  readonly run: (traced: Traced) => Promise<void> | void;
  readonly differences: Differences;
}

export type Differences = Readonly<Partial<Record<SubjectName, Difference>>>;

/** The kit asserts that the difference is really there, so that a subject which was mended shows up. */
export interface Difference {
  /** What the subject does instead. */
  readonly instead: string;
  /** Where it is discussed, or the rule it departs from. */
  readonly see?: string;
  /** Found in the failure that the difference causes. */
  readonly shows: RegExp;
}

/** Behaviours of one subject that was started with these variables. */
export interface Area {
  readonly title: string;
  readonly environment?: Environment;
  readonly behaviours: readonly Behaviour[];
}

export function behaviour(title: string, run: Behaviour['run'], differences: Differences = {}): Behaviour {
  return { title, run, differences };
}
