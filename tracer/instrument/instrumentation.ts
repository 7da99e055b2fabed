import type { Context, Tracer } from '@opentelemetry/api';

/** What an instrumentation may use. */
export interface InstrumentationHost {
  tracerFor: (library: string) => Tracer;
  /** Makes the context active for the rest of the synchronous execution and what it starts. */
  enterContext: (context: Context) => void;
  /** Requests whose path begins with one of these make no spans, inner ones neither. */
  ignorePaths: readonly string[];
}

/** Puts an instrumentation in; what it returns takes it out again. */
export type Instrumentation = (host: InstrumentationHost) => () => void;
