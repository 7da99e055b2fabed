import type { Span } from '@tracelab/protocol';
import { attributeRows } from '../data/attribute-text.ts';
import { writeViewState } from '../data/url-state.ts';
import { traceViewOf } from './trace-link.ts';

/** The spans that this one names as causes: one click away, in this trace or another. */
export function SpanLinks({ span }: { span: Span }) {
  if (span.links.length === 0 && span.droppedLinksCount === 0) return null;
  return (
    <section class="details-section">
      <h3>
        Links <span class="chip-count">{span.links.length}</span>
      </h3>
      <ul class="links" data-field="links">
        {span.links.map((link) => (
          <li key={`${link.traceId}${link.spanId}`}>
            <a href={writeViewState(traceViewOf(link.traceId, link.spanId))}>
              {link.traceId === span.traceId ? 'span' : 'trace'}{' '}
              <code>{link.traceId === span.traceId ? link.spanId : link.traceId}</code>
            </a>
            {attributeRows(link.attributes, '').map(({ key, text }) => (
              <pre class="event-attribute" key={key}>
                <span class="quiet">{key}</span> {text}
              </pre>
            ))}
          </li>
        ))}
      </ul>
      {span.droppedLinksCount > 0 && (
        <p class="error-text">{span.droppedLinksCount} more were dropped by the sender: over its limit</p>
      )}
    </section>
  );
}
