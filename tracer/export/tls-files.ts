import { readFileSync } from 'node:fs';

/** PEM files of the export connection, as node:tls takes them. */
export interface TlsFiles {
  /** Whom to trust instead of the system's certificates. */
  ca?: Buffer;
  key?: Buffer;
  cert?: Buffer;
}

/** '' for each one that is not set. */
export interface TlsPaths {
  certificate: string;
  clientKey: string;
  clientCertificate: string;
}

/**
 * Reads the files once, at start. One that cannot be used is complained about and left out, as the official SDK does; the
 * collector is still verified, so the worst is a connection that is refused, never one that trusts too much.
 */
export function readTlsFiles(paths: TlsPaths, warn: (sentence: string) => void): TlsFiles {
  const ca = readPem('CERTIFICATE', paths.certificate, warn);
  const key = readPem('CLIENT_KEY', paths.clientKey, warn);
  const cert = readPem('CLIENT_CERTIFICATE', paths.clientCertificate, warn);
  if ((key === undefined) !== (cert === undefined)) {
    warn(
      'OTEL_EXPORTER_OTLP_CLIENT_KEY and OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE should be set together; using neither',
    );
  }
  return { ...(ca && { ca }), ...(key && cert && { key, cert }) };
}

function readPem(variable: string, path: string, warn: (sentence: string) => void): Buffer | undefined {
  if (path === '') return undefined;
  const complain = (what: string): undefined => {
    warn(`OTEL_EXPORTER_OTLP_${variable} should be a readable PEM file: ${what}; going on without it`);
  };
  try {
    const text = readFileSync(path);
    return text.includes('-----BEGIN ') ? text : complain(`"${path}" holds no PEM`);
  } catch (cause) {
    return complain(cause instanceof Error ? cause.message : String(cause));
  }
}
