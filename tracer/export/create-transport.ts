import type { Settings } from '../config/read-settings.ts';
import { TRACER_VERSION } from '../config/version.ts';
import { createOtlpHttpTransport } from './otlp-http-transport.ts';
import type { Transport } from './transport.ts';

const USER_AGENT = `tracelab/${TRACER_VERSION} OTel-OTLP-Exporter-nodejs/${TRACER_VERSION}`;

/** A base address gets v1/traces appended; the address for traces is used as it is (OTLP exporter specification). */
export function tracesUrl(endpoint: string, tracesEndpoint: string): URL {
  if (tracesEndpoint !== '') return new URL(tracesEndpoint);
  return new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
}

export function createTransport(settings: Settings): Transport {
  if (settings.exporter === 'none') return NOWHERE;
  return createOtlpHttpTransport({
    url: tracesUrl(settings.endpoint, settings.tracesEndpoint),
    headers: settings.headers,
    compression: settings.compression,
    userAgent: USER_AGENT,
  });
}

/** OTEL_TRACES_EXPORTER=none: every span counts as dropped, since nobody has it. */
const NOWHERE: Transport = {
  destination: 'nowhere (OTEL_TRACES_EXPORTER=none)',
  send: (): Promise<never> => Promise.reject(new Error('no exporter')),
  close: () => {},
};
