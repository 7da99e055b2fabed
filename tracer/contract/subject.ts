import type { ReceivedSpan } from '../test-kit/received-span.ts';

export type Environment = Readonly<Record<string, string>>;

/** An implementation of `@opentelemetry/api`, as the kit sees it: everything else goes through the API itself. */
export interface Subject {
  readonly name: SubjectName;
  /** Registers it with the API, set up by these OTEL_* variables. */
  start: (environment: Environment) => Promise<StartedSubject>;
}

export type SubjectName = 'lab' | 'official';

export interface StartedSubject {
  /** Flushes and takes what has ended since the last call, decoded from the OTLP bytes that the subject makes. */
  spans: () => Promise<ReceivedSpan[]>;
  /** Takes it out of the API again. */
  shutdown: () => Promise<void>;
}
