import { listConditions } from '../data/search-conditions.ts';
import { FILTER_DEFAULT, LIMIT_MAX } from '../data/search-filter.ts';
import type { SearchFilter } from '../data/search-filter.ts';
import { AttributeField } from './attribute-field.tsx';
import { applyFilter, lastSearch } from './search-session.ts';
import type { SearchSession } from './search-session.ts';
import { RangeField } from './range-field.tsx';

/** Every field applies itself when it changes; the address is the form's state, so back and forward work. */
export function FilterForm({ session }: { session: SearchSession }) {
  const { filter } = lastSearch.value;
  const change = (part: Partial<SearchFilter>): void => applyFilter({ ...filter, ...part });
  return (
    <form class="filter-form" aria-label="Search filters" onSubmit={(event) => event.preventDefault()}>
      <OriginFields session={session} onChange={change} />
      <div class="field-pair">
        <DurationField
          label="Min ms"
          name="minDurationMs"
          value={filter.minDurationMs}
          onChange={(minDurationMs) => change({ minDurationMs })}
        />
        <DurationField
          label="Max ms"
          name="maxDurationMs"
          value={filter.maxDurationMs}
          onChange={(maxDurationMs) => change({ maxDurationMs })}
        />
      </div>
      <label class="check">
        <input
          type="checkbox"
          name="error"
          checked={filter.errorsOnly}
          onChange={(event) => change({ errorsOnly: event.currentTarget.checked })}
        />
        Errors only
      </label>
      <AttributeField attributes={filter.attributes} onChange={(attributes) => change({ attributes })} />
      <RangeField range={filter.range} onChange={(range) => change({ range })} />
      <label class="field">
        Newest
        <select
          name="limit"
          value={String(filter.limit)}
          onChange={(event) => change({ limit: Number(event.currentTarget.value) })}
        >
          {optionsOf(['20', '50', '100', '200', String(LIMIT_MAX)], String(filter.limit)).map((limit) => (
            <option key={limit} value={limit}>
              {limit} traces
            </option>
          ))}
        </select>
      </label>
      {listConditions(filter).length > 0 && (
        <button type="button" class="button" onClick={() => applyFilter({ ...FILTER_DEFAULT, limit: filter.limit })}>
          Clear filters
        </button>
      )}
    </form>
  );
}

/** The choices known so far, and the chosen one even while they are loading. */
function optionsOf(known: readonly string[], chosen: string): readonly string[] {
  return chosen === '' || known.includes(chosen) ? known : [...known, chosen];
}

interface OriginFieldsProps {
  session: SearchSession;
  onChange: (part: Partial<SearchFilter>) => void;
}

/** Who and what: operations are those of the chosen service. */
function OriginFields({ session, onChange: change }: OriginFieldsProps) {
  const { filter } = lastSearch.value;
  return (
    <>
      <label class="field">
        Service
        <select
          name="service"
          value={filter.service}
          onChange={(event) => change({ service: event.currentTarget.value, operation: '' })}
        >
          <option value="">any</option>
          {optionsOf(session.services.value, filter.service).map((service) => (
            <option key={service} value={service}>
              {service}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        Operation
        <select
          name="operation"
          value={filter.operation}
          onChange={(event) => change({ operation: event.currentTarget.value })}
        >
          <option value="">{filter.service === '' ? 'any (choose a service first)' : 'any'}</option>
          {optionsOf(session.operations.value, filter.operation).map((operation) => (
            <option key={operation} value={operation}>
              {operation}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

interface DurationFieldProps {
  label: string;
  name: string;
  value: number | undefined;
  onChange: (durationMs: number | undefined) => void;
}

function DurationField({ label, name, value, onChange }: DurationFieldProps) {
  return (
    <label class="field">
      {label}
      <input
        type="number"
        name={name}
        min="0"
        step="any"
        inputMode="decimal"
        placeholder="any"
        value={value ?? ''}
        onChange={(event) => {
          const durationMs = event.currentTarget.valueAsNumber;
          onChange(durationMs >= 0 ? durationMs : undefined);
        }}
      />
    </label>
  );
}
