import type { Span } from '@tracelab/protocol';
import { attributeRows } from '../data/attribute-text.ts';
import { formatDuration, formatExactNano } from '../data/duration.ts';

/** What happened within a span, with the time since its start. */
export function SpanEvents({ span }: { span: Span }) {
  if (span.events.length === 0 && span.droppedEventsCount === 0) return null;
  return (
    <section class="details-section">
      <h3>
        Events <span class="chip-count">{span.events.length}</span>
      </h3>
      <ol class="events" data-field="events">
        {span.events.map((event, at) => {
          const offset = event.timeUnixNano - span.startTimeUnixNano;
          return (
            <li key={at}>
              <span class="event-head">
                <b>{event.name}</b>
                <span class="figure quiet" title={formatExactNano(offset)}>
                  +{formatDuration(offset)}
                </span>
              </span>
              {attributeRows(event.attributes, '').map(({ key, text }) => (
                <pre class="event-attribute" key={key}>
                  <span class="quiet">{key}</span> {text}
                </pre>
              ))}
            </li>
          );
        })}
      </ol>
      {span.droppedEventsCount > 0 && (
        <p class="error-text">{span.droppedEventsCount} more were dropped by the sender: over its limit</p>
      )}
    </section>
  );
}
