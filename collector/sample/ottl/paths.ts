import { OTLP_FIELDS, ProtobufReader, SpanKind, StatusCode, WireType } from '@tracelab/protocol';
import {
  endTimeAt,
  kindAt,
  nameAt,
  scopeAt,
  spanBytesAt,
  startTimeAt,
  statusCodeAt,
  type SpanBatch,
} from '../../receive/span-batch.ts';
import { AttributeReader } from '../read-attributes.ts';
import { OttlError } from './tokens.ts';
import { Instant, type OttlValue } from './value.ts';

/** What a condition is asked about: a span, or one of its events. */
export interface Subject {
  batch: SpanBatch;
  row: number;
  /** The encoded event; absent where the condition is about spans. */
  event?: Uint8Array;
}

export type Getter = (subject: Subject) => OttlValue;
export type ContextName = 'span' | 'spanevent';

/** Their numbers, as OTTL has them. */
export const ENUMS: Readonly<Record<string, bigint>> = Object.fromEntries([
  ...Object.entries(SpanKind).map(([name, number]) => [`SPAN_KIND_${name.toUpperCase()}`, BigInt(number)]),
  ...Object.entries(StatusCode).map(([name, number]) => [`STATUS_CODE_${name.toUpperCase()}`, BigInt(number)]),
]) as Record<string, bigint>;

const KIND_NAMES = Object.keys(SpanKind).map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}`);

const SPAN_PATHS: Readonly<Record<string, Getter>> = {
  'span.name': ({ batch, row }) => nameAt(batch, row),
  'span.kind': ({ batch, row }) => BigInt(kindAt(batch, row)),
  'span.kind.string': ({ batch, row }) => KIND_NAMES[kindAt(batch, row)] ?? '',
  'span.status.code': ({ batch, row }) => BigInt(statusCodeAt(batch, row)),
  'span.start_time_unix_nano': ({ batch, row }) => BigInt.asIntN(64, startTimeAt(batch, row)),
  'span.end_time_unix_nano': ({ batch, row }) => BigInt.asIntN(64, endTimeAt(batch, row)),
  'span.start_time': ({ batch, row }) => new Instant(startTimeAt(batch, row)),
  'span.end_time': ({ batch, row }) => new Instant(endTimeAt(batch, row)),
};

const EVENT_PATHS: Readonly<Record<string, Getter>> = {
  'spanevent.name': ({ event = EMPTY }) => readName(event),
};

type KeyedGetter = (reader: AttributeReader) => Getter;

const KEYED_SPAN_PATHS: Readonly<Record<string, KeyedGetter>> = {
  'span.attributes':
    (reader) =>
    ({ batch, row }) =>
      reader.ofSpan(spanBytesAt(batch, row)) ?? null,
  'resource.attributes':
    (reader) =>
    ({ batch, row }) =>
      reader.ofResource(scopeAt(batch, row).resource) ?? null,
};

const KEYED_EVENT_PATHS: Readonly<Record<string, KeyedGetter>> = {
  'spanevent.attributes':
    (reader) =>
    ({ event = EMPTY }) =>
      reader.ofEvent(event) ?? null,
};

const EMPTY = new Uint8Array();
const CONTEXTS = ['span', 'spanevent', 'resource'] as const;

/** Reads what a path names; a path without a context is of the condition's own. Throws an OttlError for one that is not built yet. */
export function pathOf(
  path: { fields: readonly string[]; key: string | undefined; column: number },
  context: ContextName,
): Getter {
  const hasContext = path.fields.length > 1 && CONTEXTS.some((name) => name === path.fields[0]);
  const name = (hasContext ? path.fields : [context, ...path.fields]).join('.');
  const isEvent = context === 'spanevent';
  const plain = isEvent ? { ...SPAN_PATHS, ...EVENT_PATHS } : SPAN_PATHS;
  const keyed = isEvent ? { ...KEYED_SPAN_PATHS, ...KEYED_EVENT_PATHS } : KEYED_SPAN_PATHS;
  const getter = path.key === undefined ? plain[name] : keyed[name]?.(new AttributeReader(path.key));
  if (getter !== undefined) return getter;
  const supported = [...Object.keys(plain), ...Object.keys(keyed).map((of) => `${of}["key"]`)].join(', ');
  throw new OttlError(
    path.column,
    `${name}${path.key === undefined ? '' : '["…"]'} is not built yet: supported are ${supported}`,
  );
}

function readName(event: Uint8Array): string {
  const reader = new ProtobufReader(event);
  let name = '';
  while (reader.next()) {
    if (reader.field === OTLP_FIELDS.event.name && reader.wireType === WireType.lengthDelimited) name = reader.text;
  }
  return name;
}
