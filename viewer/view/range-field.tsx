import { describeRange } from '../data/search-conditions.ts';
import type { TimeRange } from '../data/search-filter.ts';

const MINUTES_CHOICES = [5, 15, 60, 360, 1440] as const;
const MINUTE_MS = 60_000;

interface RangeFieldProps {
  range: TimeRange;
  onChange: (range: TimeRange) => void;
}

/** When the traces started: any time, a stretch up to now, or between two instants. */
export function RangeField({ range, onChange }: RangeFieldProps) {
  const chosen = range.kind === 'last' ? String(range.minutes) : range.kind;
  const choices: number[] = [...MINUTES_CHOICES];
  if (range.kind === 'last' && !choices.includes(range.minutes)) choices.push(range.minutes);
  const choose = (value: string): void => {
    const nowUnixMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    if (value === 'all') onChange({ kind: 'all' });
    else if (value === 'between')
      onChange({ kind: 'between', startUnixMs: nowUnixMs - 60 * MINUTE_MS, endUnixMs: nowUnixMs + MINUTE_MS });
    else onChange({ kind: 'last', minutes: Number(value) });
  };
  return (
    <>
      <label class="field">
        Started
        <select name="range" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="all">any time</option>
          {choices.map((minutes) => (
            <option key={minutes} value={String(minutes)}>
              {describeRange({ kind: 'last', minutes })}
            </option>
          ))}
          <option value="between">between …</option>
        </select>
      </label>
      {range.kind === 'between' && <BetweenFields range={range} onChange={onChange} />}
    </>
  );
}

interface BetweenFieldsProps {
  range: { kind: 'between'; startUnixMs: number; endUnixMs: number };
  onChange: (range: TimeRange) => void;
}

function BetweenFields({ range, onChange }: BetweenFieldsProps) {
  const change = (startUnixMs: number, endUnixMs: number): void => {
    if (startUnixMs < endUnixMs) onChange({ kind: 'between', startUnixMs, endUnixMs });
  };
  return (
    <>
      <label class="field">
        From
        <input
          type="datetime-local"
          name="start"
          step="1"
          value={localText(range.startUnixMs)}
          max={localText(range.endUnixMs)}
          onChange={(event) => change(Date.parse(event.currentTarget.value), range.endUnixMs)}
        />
      </label>
      <label class="field">
        To
        <input
          type="datetime-local"
          name="end"
          step="1"
          value={localText(range.endUnixMs)}
          min={localText(range.startUnixMs)}
          onChange={(event) => change(range.startUnixMs, Date.parse(event.currentTarget.value))}
        />
      </label>
    </>
  );
}

/** What a datetime-local field holds: local time without a zone. */
function localText(unixMs: number): string {
  return new Date(unixMs - new Date(unixMs).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19);
}
