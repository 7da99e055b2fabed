import { context as contextApi, trace } from '@opentelemetry/api';
import type { Instrumentation } from './instrumentation.ts';
import { subscribeAll } from './subscribe.ts';

/** A logger of pino, whose fixed fields lie as JSON text (`,"pid":1,"name":"x"`) under a symbol that it does not export. */
type Logger = Record<symbol, unknown>;

/** Pino's message, the same object at start and end of one line. */
interface LineMessage {
  instance: Logger;
  fieldsBefore?: string;
}

const FIXED_FIELDS = 'pino.chindings';

/**
 * Stamps trace_id, span_id and trace_flags on every log line that is written under a span, sampled or not. Pino (9.8 and
 * later) publishes a tracing channel around the making of a line: the ids join the logger's fixed fields before it and
 * leave after it, so the application's own objects are never touched. Works for any copy of pino, ESM or CommonJS.
 */
export const instrumentPino: Instrumentation = () =>
  subscribeAll({
    'tracing:pino_asJson:start': (message) => stampLine(message as LineMessage),
    'tracing:pino_asJson:end': (message) => unstampLine(message as LineMessage),
  });

function stampLine(message: LineMessage): void {
  const spanContext = trace.getSpanContext(contextApi.active());
  if (spanContext === undefined || !trace.isSpanContextValid(spanContext)) return;
  const symbol = fixedFieldsSymbol(message.instance);
  const fields = symbol === undefined ? undefined : message.instance[symbol];
  if (symbol === undefined || typeof fields !== 'string') return;
  const flags = spanContext.traceFlags.toString(16).padStart(2, '0');
  const stamp = `,"trace_id":"${spanContext.traceId}","span_id":"${spanContext.spanId}","trace_flags":"${flags}"`;
  // A serializer may log with the same logger while a line is being made: one stamp is enough.
  if (fields.endsWith(stamp)) return;
  message.fieldsBefore = fields;
  message.instance[symbol] = fields + stamp;
}

function unstampLine(message: LineMessage): void {
  const symbol = fixedFieldsSymbol(message.instance);
  if (symbol !== undefined && message.fieldsBefore !== undefined) message.instance[symbol] = message.fieldsBefore;
}

/** Each copy of pino has its own symbol; nearly every process has one copy. */
let knownSymbol: symbol | undefined;

function fixedFieldsSymbol(logger: Logger): symbol | undefined {
  if (knownSymbol !== undefined && knownSymbol in logger) return knownSymbol;
  for (let owner: object | null = logger; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const found = Object.getOwnPropertySymbols(owner).find((symbol) => symbol.description === FIXED_FIELDS);
    if (found !== undefined) {
      knownSymbol = found;
      return found;
    }
  }
  return undefined;
}
