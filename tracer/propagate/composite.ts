import type { TextMapPropagator } from '@opentelemetry/api';
import type { PropagatorName } from '../config/propagator-list.ts';
import { baggagePropagator } from './baggage.ts';
import { traceContextPropagator } from './trace-context.ts';

const PROPAGATORS: Record<PropagatorName, TextMapPropagator> = {
  tracecontext: traceContextPropagator,
  baggage: baggagePropagator,
};

/** Calls its members in the order given; each sees what the one before left, so that the last valid one wins. */
export function createPropagator(names: readonly PropagatorName[]): TextMapPropagator {
  const members = names.map((name) => PROPAGATORS[name]);
  return {
    inject: (context, carrier, setter) => {
      for (const member of members) member.inject(context, carrier, setter);
    },
    extract: (context, carrier, getter) =>
      members.reduce((extracted, member) => member.extract(extracted, carrier, getter), context),
    fields: () => [...new Set(members.flatMap((member) => member.fields()))],
  };
}
