import type { TextMapSetter } from '@opentelemetry/api';

/** A setter of outgoing requests that knows where they go. Without `hostOf` (messages, say) baggage is always sent. */
export interface RequestSetter<Carrier> extends TextMapSetter<Carrier> {
  /** Without the port; an IPv6 address without brackets. */
  hostOf?: (carrier: Carrier) => string;
}

/**
 * Baggage leaves the building with every outgoing call: this says which hosts may have it. `shop.example` is that host,
 * `.example` every host below it. Undefined without hosts, when all may have it.
 */
export function createBaggageHosts(hosts: readonly string[]): ((host: string) => boolean) | undefined {
  if (hosts.length === 0) return undefined;
  const names = hosts.map((host) => host.toLowerCase());
  return (host) => {
    const lower = host.toLowerCase();
    return names.some((name) => (name.startsWith('.') ? lower.endsWith(name) : lower === name));
  };
}
