import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where a test's PEM file lies. */
export function pemPath(name: 'authority' | 'server' | 'server-key' | 'client' | 'client-key'): string {
  return fileURLToPath(new URL(`certificates/${name}.pem`, import.meta.url));
}

export function pem(name: Parameters<typeof pemPath>[0]): Buffer {
  return readFileSync(pemPath(name));
}
