import type { Link } from '@opentelemetry/api';
import { AttributeBag } from './attribute-bag.ts';
import type { AttributeLimits } from './attribute-bag.ts';
import { NonRecordingSpan } from './non-recording-span.ts';
import { identityFrom } from './remote-span.ts';
import { SpanId } from './span-id.ts';
import type { LinkRecord } from './span-record.ts';
import { TraceId } from './trace-id.ts';

/** What a link without valid ids points to. */
const NOBODY = new NonRecordingSpan(new TraceId(0, 0, 0, 0), new SpanId(0, 0), 0, undefined);

/** What is kept of a link; undefined for one without ids that says nothing else either (specification, Link). */
export function linkRecord(link: Link, limits: AttributeLimits): LinkRecord | undefined {
  const context = link?.context;
  if (context === undefined) return undefined;
  const attributes = new AttributeBag(limits);
  attributes.setAll(link.attributes);
  const traceState = context.traceState?.serialize() ?? '';
  const { traceId, spanId } = identityFrom(context) ?? NOBODY;
  if (spanId === NOBODY.spanId && attributes.count === 0 && traceState === '') return undefined;
  return {
    traceId,
    spanId,
    traceState,
    traceFlags: context.traceFlags,
    isRemote: context.isRemote === true,
    attributes,
  };
}
