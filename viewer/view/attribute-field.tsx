import { useRef, useState } from 'preact/hooks';
import { ATTRIBUTES_MAX, parseAttribute, TEXT_LENGTH_MAX } from '../data/search-filter.ts';
import type { AttributeFilter } from '../data/search-filter.ts';

interface AttributeFieldProps {
  attributes: readonly AttributeFilter[];
  onChange: (attributes: AttributeFilter[]) => void;
}

/** `key=value` conditions: typed one at a time, each a chip that a click removes. */
export function AttributeField({ attributes, onChange }: AttributeFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [complaint, setComplaint] = useState('');
  const add = (): void => {
    const text = input.current?.value.trim() ?? '';
    const attribute = parseAttribute(text);
    setComplaint(text === '' || attribute !== undefined ? '' : `write key=value: was “${text}”`);
    if (attribute === undefined || input.current === null) return;
    input.current.value = '';
    onChange([...attributes, attribute]);
  };
  return (
    <div class="field">
      <label for="attribute">Attribute</label>
      <input
        id="attribute"
        name="attribute"
        ref={input}
        placeholder={attributes.length < ATTRIBUTES_MAX ? 'http.route=/checkout' : `at most ${ATTRIBUTES_MAX}`}
        maxLength={TEXT_LENGTH_MAX}
        disabled={attributes.length >= ATTRIBUTES_MAX}
        autocomplete="off"
        spellcheck={false}
        aria-describedby="attribute-complaint"
        onChange={add}
      />
      <span id="attribute-complaint" class="error-text" role="status">
        {complaint}
      </span>
      {attributes.map((attribute) => (
        <button
          type="button"
          class="chip is-removable"
          key={`${attribute.key}=${attribute.value}`}
          aria-label={`Remove ${attribute.key}=${attribute.value}`}
          onClick={() => onChange(attributes.filter((other) => other !== attribute))}
        >
          {attribute.key}={attribute.value} <span aria-hidden="true">×</span>
        </button>
      ))}
    </div>
  );
}
