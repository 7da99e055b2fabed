import { baggageEntryMetadataFromString, propagation } from '@opentelemetry/api';
import type { BaggageEntry, Context, TextMapGetter, TextMapPropagator } from '@opentelemetry/api';
import { formatBaggage, parseBaggage } from '@tracelab/protocol';
import type { BaggageMember, PropagationCounts } from '@tracelab/protocol';
import { isTracingSuppressed } from '../context/suppress.ts';
import type { RequestSetter } from './baggage-hosts.ts';
import { readListHeader } from './carrier.ts';

const BAGGAGE = 'baggage';

/** W3C Baggage. Malformed members are dropped one by one and counted; of a repeated key the last value stays. */
export function createBaggagePropagator(
  counts: PropagationCounts,
  mayHave?: (host: string) => boolean,
): TextMapPropagator {
  return {
    inject<Carrier>(context: Context, carrier: Carrier, setter: RequestSetter<Carrier>): void {
      const baggage = propagation.getBaggage(context);
      if (baggage === undefined || isTracingSuppressed(context)) return;
      if (mayHave !== undefined && setter.hostOf !== undefined && !mayHave(setter.hostOf(carrier))) return;
      const { header, droppedCount } = formatBaggage(baggage.getAllEntries().map(memberFromEntry));
      counts.baggageMembersDropped += droppedCount;
      if (header !== '') setter.set(carrier, BAGGAGE, header);
    },

    extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
      const header = readListHeader(carrier, getter, BAGGAGE);
      if (header === undefined || header === '') return context;
      const { members, droppedCount } = parseBaggage(header);
      counts.baggageMembersDropped += droppedCount;
      if (members.length === 0) return context;
      const entries = Object.fromEntries(members.map((member) => [member.key, entryFromMember(member)]));
      return propagation.setBaggage(context, propagation.createBaggage(entries));
    },

    fields: () => [BAGGAGE],
  };
}

function memberFromEntry([key, entry]: [string, BaggageEntry]): BaggageMember {
  return { key, value: entry.value, metadata: entry.metadata?.toString() ?? '' };
}

function entryFromMember({ value, metadata }: BaggageMember): BaggageEntry {
  return metadata === '' ? { value } : { value, metadata: baggageEntryMetadataFromString(metadata) };
}
