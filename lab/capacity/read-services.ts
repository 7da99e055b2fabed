import { SPAN_BYTES, type TrafficRow } from '@tracelab/model';
import { accept, refuse, type Result } from '@tracelab/protocol';
import { readPreset } from './read-share.ts';

/** Rows without such a column take these. */
export interface RowDefaults {
  bytesPerSpan: number;
  peakFactor: number;
}

/** A rate says its period: nobody can tell what a column "requests" counts, and a month has no fixed length. */
const PERIOD_SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;
const RATE_COLUMNS: readonly (readonly [name: string, seconds: number])[] = Object.entries(PERIOD_SECONDS).map(
  ([period, seconds]) => [`requests_per_${period}`, seconds],
);
const COLUMNS = ['service', 'spans_per_request', 'bytes_per_span', 'peak_factor'];
export const ROWS_MAX = 10_000;
/** Of a heading that may be anything, in a message. */
const SHOWN_MAX = 60;

const PRESET_BYTES = Object.fromEntries(Object.entries(SPAN_BYTES).map(([name, { bytes }]) => [name, bytes]));

/** Bytes of a span: a number, or a name of the presets. */
export function readSpanBytes(text: string): Result<number> {
  return readPreset(text, PRESET_BYTES, 'a number of bytes above 0');
}

/**
 * `services.csv`: a heading, then a row for each service; commas, no quotes. What a column means stands in its name, and one
 * that is not known is refused, never ignored. A refusal names the line.
 */
export function readServices(text: string, defaults: RowDefaults): Result<TrafficRow[]> {
  const lines = text
    // What spreadsheets put in front.
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, cells: line.split(',').map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [heading, ...body] = lines;
  const columns = readHeading(heading?.cells ?? []);
  if (!columns.ok) return columns;
  if (body.length === 0) return refuse('has no row below its heading: one for each service is expected');
  if (body.length > ROWS_MAX) return refuse(`has ${body.length} rows: at most ${ROWS_MAX} are read`);
  const rows: TrafficRow[] = [];
  for (const { number, cells } of body) {
    if (cells.length !== columns.value.length)
      return refuse(`line ${number} has ${cells.length} cells: its heading has ${columns.value.length}`);
    const row = readRow(new Map(columns.value.map((column, index) => [column, cells[index] ?? ''])), defaults);
    if (!row.ok) return refuse(`line ${number}: ${row.error}`);
    rows.push(row.value);
  }
  return accept(rows);
}

function readHeading(columns: readonly string[]): Result<readonly string[]> {
  const rates = RATE_COLUMNS.map(([name]) => name);
  const allowed = `${COLUMNS.join(', ')}, and one of ${rates.join(', ')}`;
  const known = [...COLUMNS, ...rates];
  const unknown = columns.find((column) => !known.includes(column));
  if (unknown !== undefined)
    return refuse(
      `has the column ${JSON.stringify(unknown.slice(0, SHOWN_MAX))}, whose unit or period nobody can know: allowed are ${allowed}`,
    );
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) return refuse(`has the column "${twice}" twice`);
  if (columns.filter((column) => rates.includes(column)).length !== 1)
    return refuse(`should have exactly one of the columns ${rates.join(', ')}`);
  const missing = ['service', 'spans_per_request'].find((column) => !columns.includes(column));
  return missing === undefined ? accept(columns) : refuse(`lacks the column ${missing}: allowed are ${allowed}`);
}

/** Every cell is read, so that the first that is wrong is told by its column. */
function readRow(cells: ReadonlyMap<string, string>, defaults: RowDefaults): Result<TrafficRow> {
  const [rateColumn, seconds] = RATE_COLUMNS.find(([name]) => cells.has(name)) ?? ['', 1];
  const flaws: string[] = [];
  const valueOf = (read: Result<number>): number => {
    if (read.ok) return read.value;
    flaws.push(read.error);
    return Number.NaN;
  };
  const service = cells.get('service') ?? '';
  if (service === '') flaws.push('service is empty');
  const row: TrafficRow = {
    service,
    requestsPerSecond: valueOf(readNumber(cells, rateColumn, { above: 0 })) / seconds,
    spansPerRequest: valueOf(readNumber(cells, 'spans_per_request', { above: 0 })),
    bytesPerSpan: cells.has('bytes_per_span') ? valueOf(readBytes(cells)) : defaults.bytesPerSpan,
    peakFactor: cells.has('peak_factor')
      ? valueOf(readNumber(cells, 'peak_factor', { least: 1 }))
      : defaults.peakFactor,
  };
  const [flaw] = flaws;
  return flaw === undefined ? accept(row) : refuse(flaw);
}

function readBytes(cells: ReadonlyMap<string, string>): Result<number> {
  const bytes = readSpanBytes(cells.get('bytes_per_span') ?? '');
  return bytes.ok ? bytes : refuse(`bytes_per_span ${bytes.error}`);
}

function readNumber(
  cells: ReadonlyMap<string, string>,
  column: string,
  bound: { above: number } | { least: number },
): Result<number> {
  const text = cells.get(column) ?? '';
  const value = text === '' ? Number.NaN : Number(text);
  const fits = 'above' in bound ? value > bound.above : value >= bound.least;
  if (fits && Number.isFinite(value)) return accept(value);
  const allowed = 'above' in bound ? `above ${bound.above}` : `of at least ${bound.least}`;
  return refuse(`${column} should be a number ${allowed}: was "${text}"`);
}
