import type { Link } from '@opentelemetry/api';
import { asText } from './as-text.ts';
import { attempt } from './attempt.ts';
import { AttributeBag } from './attribute-bag.ts';
import type { AttributeLimits } from './attribute-bag.ts';
import { NonRecordingSpan } from './non-recording-span.ts';
import { identityFrom } from './identity-from.ts';
import { SpanId } from './span-id.ts';
import type { LinkRecord } from './span-record.ts';
import { TraceId } from './trace-id.ts';

/** What a link without valid ids points to. */
const NOBODY = new NonRecordingSpan(new TraceId(0, 0, 0, 0), new SpanId(0, 0), 0, undefined);

/**
 * What is kept of a link; undefined for one that cannot be read, or that has no ids and says nothing else either
 * (specification, Link).
 */
export function linkRecord(link: Link, limits: AttributeLimits): LinkRecord | undefined {
  return attempt(readLink, link, limits);
}

function readLink(link: Link, limits: AttributeLimits): LinkRecord | undefined {
  const { context } = link;
  const attributes = new AttributeBag(limits);
  attributes.setAll(link.attributes);
  const traceState = asText(context.traceState?.serialize());
  const { traceId, spanId, traceFlags } = identityFrom(context) ?? NOBODY;
  if (spanId === NOBODY.spanId && attributes.count === 0 && traceState === '') return undefined;
  return {
    traceId,
    spanId,
    traceState,
    traceFlags,
    isRemote: context.isRemote === true,
    attributes,
  };
}
