import { useState } from 'preact/hooks';
import { visit } from '../data/address-bar.ts';
import { traceIdIn } from '../data/pasted-trace-id.ts';
import { explainViewOf } from './trace-link.ts';

/** Of what may be pasted; of what could not be read, the beginning is repeated. */
const PASTED_LENGTH_MAX = 2_000;
const REPEATED_LENGTH_MAX = 60;

/** Asks for another trace: its id, or a traceparent, a link or a line of a log that holds it. */
export function TraceIdForm() {
  const [refused, setRefused] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement).get('trace-id');
    const text = typeof typed === 'string' ? typed.trim() : '';
    const traceId = traceIdIn(text);
    if (traceId === undefined)
      setRefused(text.length > REPEATED_LENGTH_MAX ? `${text.slice(0, REPEATED_LENGTH_MAX)}…` : text);
    else visit(explainViewOf(traceId));
  };
  return (
    <form class="trace-id-form" onSubmit={submit}>
      <input
        name="trace-id"
        aria-label="Trace id"
        placeholder="Another trace id"
        title="Or a traceparent, a link or a line of a log that holds one"
        required
        maxLength={PASTED_LENGTH_MAX}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={refused !== ''}
        onInput={() => setRefused('')}
      />
      <button type="submit" class="button">
        Explain
      </button>
      {refused !== '' && (
        <p class="error-text" role="alert" data-field="trace-id-problem">
          ▲ No trace id in “{refused}”: it should hold 32 hex digits, not all zero
        </p>
      )}
    </form>
  );
}
