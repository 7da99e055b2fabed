import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { KeyValue } from '@tracelab/protocol';
import { attributeRows } from '../data/attribute-text.ts';
import { CopyButton } from './copy-button.tsx';

interface AttributeTableProps {
  title: string;
  field: string;
  attributes: readonly KeyValue[];
  droppedCount: number;
}

/** Fewer rows than this are read faster than filtered. */
const FILTER_FROM_ROWS = 6;

export function AttributeTable({ title, field, attributes, droppedCount }: AttributeTableProps) {
  const [contains, setContains] = useState('');
  const rows = attributeRows(attributes, contains);
  const asText = rows.map(({ key, text }) => `${key}=${text}`).join('\n');
  return (
    <section class="details-section">
      <div class="section-head">
        <h3>
          {title} <span class="chip-count">{attributes.length}</span>
        </h3>
        {attributes.length >= FILTER_FROM_ROWS && (
          <input
            type="search"
            value={contains}
            placeholder="Filter"
            aria-label={`Filter ${title.toLowerCase()}`}
            onInput={(event) => setContains(event.currentTarget.value)}
          />
        )}
        {attributes.length > 0 && <CopyButton text={asText} label="Copy" />}
      </div>
      <table class="attributes" data-field={field}>
        <tbody>
          {rows.map(({ key, text }) => (
            <tr key={key} data-attribute={key}>
              <th scope="row">{breakable(key)}</th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="quiet">{attributes.length === 0 ? 'none' : 'none matches the filter'}</p>}
      {droppedCount > 0 && <p class="error-text">{droppedCount} more were dropped by the sender: over its limit</p>}
    </section>
  );
}

/** Lets long names break after their dots and underscores, without changing what is copied. */
function breakable(key: string): ComponentChildren {
  return key.split(/(?<=[._])/).map((part, at) => [at > 0 && <wbr />, part]);
}
