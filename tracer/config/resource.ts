import type { AnyValue, Resource } from '@tracelab/protocol';
import type { Settings } from './read-settings.ts';
import { TRACER_VERSION } from './version.ts';

/** What is fixed for a process. */
export interface ProcessIdentity {
  pid: bigint;
  instanceId: string;
}

/** The resource of all spans. What the user says wins over what we know, OTEL_SERVICE_NAME over all. */
export function createResource(settings: Settings, identity: ProcessIdentity): Resource {
  const attributes: Record<string, AnyValue> = {
    'service.instance.id': identity.instanceId,
    'process.pid': identity.pid,
    ...settings.resourceAttributes,
    'service.name': serviceNameOf(settings),
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'tracelab',
    'telemetry.sdk.version': TRACER_VERSION,
  };
  return { attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })), droppedAttributesCount: 0 };
}

export function serviceNameOf({ serviceName, resourceAttributes }: Settings): string {
  return serviceName || resourceAttributes['service.name'] || 'unknown_service:node';
}
