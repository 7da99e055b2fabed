import type { Area } from './behaviour.ts';
import { activeSpan } from './active-span.ts';
import { anySequence } from './any-sequence.ts';
import { attributeValues } from './attribute-values.ts';
import { attributes } from './attributes.ts';
import { baggage } from './baggage.ts';
import { carelessCallers } from './careless-callers.ts';
import { contextValues } from './context-values.ts';
import { contextPropagation } from './context.ts';
import { disabled } from './disabled.ts';
import { ending } from './ending.ts';
import { events } from './events.ts';
import { exceptions } from './exceptions.ts';
import { generalLimits, limits, zeroLimits } from './limits.ts';
import { links } from './links.ts';
import { memory } from './memory.ts';
import { namesAndKinds } from './names-and-kinds.ts';
import { nonRecording } from './non-recording.ts';
import { parents } from './parents.ts';
import { detectedResource, malformedResource, namedResource, unnamedResource } from './resource.ts';
import { samplers } from './samplers.ts';
import { scopes } from './scopes.ts';
import { spanIdentity } from './span-identity.ts';
import { status } from './status.ts';
import { suppression } from './suppression.ts';
import { times } from './times.ts';
import { traceContext } from './trace-context.ts';
import { traceState } from './trace-state.ts';

/** The whole contract, in the order in which a reader would ask. */
export const CONTRACT: readonly Area[] = [
  spanIdentity,
  parents,
  namesAndKinds,
  attributes,
  attributeValues,
  events,
  exceptions,
  links,
  status,
  times,
  ending,
  anySequence,
  limits,
  zeroLimits,
  generalLimits,
  carelessCallers,
  activeSpan,
  contextPropagation,
  contextValues,
  suppression,
  nonRecording,
  ...samplers,
  scopes,
  namedResource,
  detectedResource,
  malformedResource,
  unnamedResource,
  traceContext,
  traceState,
  baggage,
  disabled,
  memory,
];
