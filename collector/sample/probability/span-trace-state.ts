import {
  OT_KEY,
  OTLP_FIELDS,
  parseOtMember,
  parseTracestate,
  ProtobufReader,
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
  const text = parseTracestate(traceState)?.find(({ key }) => key === OT_KEY)?.value;
  return (text === undefined ? undefined : parseOtMember(text)) ?? NOTHING;
}

const NOTHING: OtMember = new Map();
