import { INVALID_SPANID, INVALID_TRACEID, isSpanContextValid } from '@opentelemetry/api';
import type { Link } from '@opentelemetry/api';
import { AttributeBag } from './attribute-bag.ts';
import type { AttributeLimits } from './attribute-bag.ts';
import type { LinkRecord } from './span-record.ts';

/** What is kept of a link; undefined for one without ids that says nothing else either (specification, Link). */
export function linkRecord(link: Link, limits: AttributeLimits): LinkRecord | undefined {
  const context = link?.context;
  if (context === undefined) return undefined;
  const attributes = new AttributeBag(limits);
  attributes.setAll(link.attributes);
  const traceState = context.traceState?.serialize() ?? '';
  const isValid = isSpanContextValid(context);
  if (!isValid && attributes.keys.length === 0 && traceState === '') return undefined;
  return {
    traceId: isValid ? context.traceId : INVALID_TRACEID,
    spanId: isValid ? context.spanId : INVALID_SPANID,
    traceState,
    traceFlags: context.traceFlags,
    isRemote: context.isRemote === true,
    attributes,
  };
}
