import type { Settings } from '../config/read-settings.ts';
import { TRACER_VERSION } from '../config/version.ts';
import { createOtlpGrpcTransport } from './otlp-grpc-transport.ts';
import { createOtlpHttpTransport } from './otlp-http-transport.ts';
import { readTlsFiles } from './tls-files.ts';
import type { Transport } from './transport.ts';

const USER_AGENT = `tracelab/${TRACER_VERSION} OTel-OTLP-Exporter-nodejs/${TRACER_VERSION}`;
const HTTP_ENDPOINT = 'http://localhost:4318';
const GRPC_ENDPOINT = 'http://localhost:4317';

/** A base address gets v1/traces appended; the address for traces is used as it is (OTLP exporter specification). */
function tracesUrl(endpoint: string, tracesEndpoint: string): URL {
  if (tracesEndpoint !== '') return new URL(tracesEndpoint);
  const base = endpoint === '' ? HTTP_ENDPOINT : endpoint;
  return new URL('v1/traces', base.endsWith('/') ? base : `${base}/`);
}

/** Undefined: OTEL_TRACES_EXPORTER=none. */
export function createTransport(settings: Settings, warn: (sentence: string) => void): Transport | undefined {
  if (settings.exporter === 'none') return undefined;
  const { endpoint, tracesEndpoint, headers, compression, protocol } = settings;
  const tls = readTlsFiles(settings, warn);
  const common = { headers, compression, userAgent: USER_AGENT, tls };
  if (protocol === 'grpc') {
    const url = new URL(tracesEndpoint || endpoint || GRPC_ENDPOINT);
    if (url.pathname !== '/') warn(`the address of a gRPC collector should have no path: "${url.pathname}" is ignored`);
    return createOtlpGrpcTransport({ ...common, url });
  }
  const encoding = protocol === 'http/json' ? 'json' : 'protobuf';
  return createOtlpHttpTransport({ ...common, url: tracesUrl(endpoint, tracesEndpoint), encoding });
}
