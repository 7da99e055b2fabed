import {
  deleteTracestateMember,
  formatOtMember,
  formatTracestate,
  LIMITS,
  OT_KEY,
  OT_THRESHOLD,
  OTLP_FIELDS,
  parseOtMember,
  parseTracestate,
  ProtobufReader,
  ProtobufWriter,
  setTracestateMember,
  WireType,
  type OtMember,
} from '@tracelab/protocol';

/** Of an encoded Span; '' where it has none. */
export function readTraceState(span: Uint8Array): string {
  const reader = new ProtobufReader(span);
  let traceState = '';
  while (reader.next()) {
    if (reader.field === OTLP_FIELDS.span.traceState && reader.wireType === WireType.lengthDelimited)
      traceState = reader.text;
  }
  return traceState;
}

/** OpenTelemetry's entry of a trace state; empty where there is none, or one that cannot be read. */
export function otMemberOf(traceState: string): OtMember {
  return readOtMember(traceState) ?? NOTHING;
}

/** The same; undefined where the list or the entry cannot be read. */
export function readOtMember(traceState: string): OtMember | undefined {
  const members = parseTracestate(traceState);
  if (members === undefined) return undefined;
  const text = members.find(({ key }) => key === OT_KEY)?.value;
  return text === undefined ? NOTHING : parseOtMember(text);
}

const NOTHING: OtMember = new Map();

/** With these sub-keys in OpenTelemetry's entry, and `th` as given. Where the entry would be too long for it, `th` is left out: unknown is better than wrong. */
export function changedTraceState(before: string, member: OtMember, th: string | undefined): string {
  const others = new Map([...member].filter(([key]) => key !== OT_THRESHOLD));
  const withThreshold = th === undefined ? undefined : formatOtMember(new Map([[OT_THRESHOLD, th], ...others]));
  const text = withThreshold ?? formatOtMember(others) ?? '';
  const members = parseTracestate(before) ?? [];
  const changed = text === '' ? deleteTracestateMember(members, OT_KEY) : setTracestateMember(members, OT_KEY, text);
  // The left-most was written last; the oldest goes, as from a list that is full.
  while (formatTracestate(changed).length > LIMITS.tracestateLengthMax) changed.pop();
  return formatTracestate(changed);
}

/** An encoded Span with this trace state; '' for none. */
export function withTraceState(span: Uint8Array, traceState: string): Uint8Array {
  const writer = new ProtobufWriter(span.length + traceState.length + 8);
  const reader = new ProtobufReader(span);
  let copied = 0;
  while (reader.next()) {
    if (reader.field !== OTLP_FIELDS.span.traceState || reader.wireType !== WireType.lengthDelimited) continue;
    writer.raw(span.subarray(copied, reader.fieldStart));
    copied = reader.valueEnd;
  }
  writer.raw(span.subarray(copied));
  if (traceState !== '') writer.string(OTLP_FIELDS.span.traceState, traceState);
  return writer.finish();
}
