import type { Span } from '@opentelemetry/api';
import { attempt } from './attempt.ts';
import { NonRecordingSpan } from './non-recording-span.ts';
import { RecordingSpan } from './recording-span.ts';
import { identityFrom } from './identity-from.ts';
import type { SpanIdentity } from './span-identity.ts';

/** Ours have their identity, valid by their making; of others it is read, a walk over 48 digits. Undefined where the ids are not valid, or cannot be read. */
export function identityOf(span: Span): SpanIdentity | undefined {
  const isOurs = span instanceof RecordingSpan || span instanceof NonRecordingSpan;
  return isOurs ? span : attempt(foreignIdentity, span);
}

function foreignIdentity(span: Span): SpanIdentity | undefined {
  return identityFrom(span.spanContext());
}
