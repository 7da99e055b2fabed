import type { Parsed } from './setting.ts';

const PROPAGATOR_NAMES = ['tracecontext', 'baggage', 'b3', 'b3multi'] as const;
export type PropagatorName = (typeof PROPAGATOR_NAMES)[number];

/** OTEL_PROPAGATORS: a list, repetitions removed. What is not built (jaeger, xray, ottrace) is warned about and left out. */
export function parsePropagatorList(text: string): Parsed<readonly PropagatorName[]> {
  const names = [...new Set(splitList(text).map((name) => name.toLowerCase()))];
  if (names.includes('none')) {
    return names.length === 1
      ? { value: [] }
      : { value: [], complaint: `has none beside others, so none it is: was "${text}"` };
  }
  const value = PROPAGATOR_NAMES.filter((known) => names.includes(known)).sort(
    (a, b) => names.indexOf(a) - names.indexOf(b),
  );
  const unknown = names.filter((name) => !value.some((known) => known === name));
  if (unknown.length === 0) return { value };
  const complaint = `should list only ${PROPAGATOR_NAMES.join(', ')} or none; ignored: ${unknown.join(', ')}`;
  return { value, complaint };
}

/** Comma-separated, blanks around the parts ignored, empty parts skipped. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
