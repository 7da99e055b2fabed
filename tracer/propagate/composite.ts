import { diag } from '@opentelemetry/api';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import type { PropagationCounts } from '@tracelab/protocol';
import type { PropagatorName } from '../config/propagator-list.ts';
import { b3MultiPropagator, b3Propagator } from './b3.ts';
import { createBaggagePropagator } from './baggage.ts';
import { createPropagationCounts } from './counts.ts';
import { createPreferringReader } from './prefer-traceparent.ts';
import { traceContextPropagator } from './trace-context.ts';

export interface PropagatorOptions {
  /** False restarts traces here: what callers send is not read, ids, flags, tracestate and baggage alike. @default true */
  isIncomingTrusted?: boolean;
  counts?: PropagationCounts;
  /** Which hosts may have baggage (createBaggageHosts). @default all */
  mayHaveBaggage?: ((host: string) => boolean) | undefined;
}

type Reader = Pick<TextMapPropagator, 'extract'>;

/**
 * Calls its members in the order given; each sees what the one before left, so that the last valid one wins. But
 * traceparent wins over B3 wherever it stands, since ids of two formats must not be mixed.
 */
export function createPropagator(names: readonly PropagatorName[], options: PropagatorOptions = {}): TextMapPropagator {
  const { isIncomingTrusted = true, counts = createPropagationCounts(), mayHaveBaggage } = options;
  const propagators: Record<PropagatorName, TextMapPropagator> = {
    tracecontext: traceContextPropagator,
    baggage: createBaggagePropagator(counts, mayHaveBaggage),
    b3: b3Propagator,
    b3multi: b3MultiPropagator,
  };
  const members = names.map((name) => propagators[name]);
  const readers = isIncomingTrusted ? readersOf(members, counts) : [];
  return {
    inject: (context, carrier, setter) => {
      for (const member of members) injectBy(member, context, carrier, setter);
    },
    extract: <Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>) => {
      let extracted = context;
      for (const reader of readers) extracted = extractBy(reader, extracted, carrier, getter);
      return extracted;
    },
    fields: () => [...new Set(members.flatMap((member) => member.fields()))],
  };
}

/** Carriers, getters and setters are the application's: where one throws, the other propagators still do their part. */
function injectBy<Carrier>(
  member: TextMapPropagator,
  context: Context,
  carrier: Carrier,
  setter: TextMapSetter<Carrier>,
): void {
  try {
    member.inject(context, carrier, setter);
  } catch (error) {
    diag.debug(`${member.fields().join(', ')} could not be injected`, error);
  }
}

function extractBy<Carrier>(
  reader: Reader,
  context: Context,
  carrier: Carrier,
  getter: TextMapGetter<Carrier>,
): Context {
  try {
    return reader.extract(context, carrier, getter);
  } catch (error) {
    diag.debug('a header could not be extracted', error);
    return context;
  }
}

/** Each header is read once: both B3 propagators read both forms. */
function readersOf(members: readonly TextMapPropagator[], counts: PropagationCounts): readonly Reader[] {
  const isB3 = (member: TextMapPropagator): boolean => member === b3Propagator || member === b3MultiPropagator;
  const isTraceContext = (member: TextMapPropagator): boolean => member === traceContextPropagator;
  const others = members.filter((member) => !isB3(member) && !isTraceContext(member));
  if (members.some(isB3) && members.some(isTraceContext)) return [createPreferringReader(counts), ...others];
  return members.some(isB3) ? [b3Propagator, ...others] : members;
}
