import { UsageError, readResultFile } from '@tracelab/command';
import { readFileSync, statSync } from 'node:fs';
import type { TargetRequest } from '../attack/http-target.ts';
import type { ServiceSettings } from './settings.ts';
import { parseVariantsFile, type ServiceVariant } from './variants-file.ts';

/** What is measured, as the command line says. */
export interface Service {
  command: string;
  /** Undefined: each set is given one, which stands for $PORT in the address. */
  fixedPort: number | undefined;
  hostname: string;
  request: TargetRequest;
  /** For people. */
  address: string;
  variants: readonly ServiceVariant[];
  readyMs: number;
}

const PORT_PLACEHOLDER = /\$PORT|\$\{PORT\}/;
/** Stands in for $PORT while the address is read: no address of a service has it. */
const PORT_STAND_IN = '1';
/** CPU is read from this machine: an address elsewhere would be somebody else's. */
const HOSTNAMES = ['127.0.0.1', 'localhost', '[::1]'];
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** Undefined where no service was named. Throws a UsageError where what was given is not enough or no good. */
export async function readService(settings: ServiceSettings): Promise<Service | undefined> {
  const required = { '--command': settings.command, '--url': settings.url, '--variants': settings.variants };
  const missing = Object.entries(required).flatMap(([flag, value]) => (value === '' ? flag : []));
  if (missing.length === Object.keys(required).length) return refuseRequestAlone(settings);
  if (missing.length > 0)
    throw new UsageError(`--command, --url and --variants belong together: ${missing.join(' and ')} is missing`);
  if (process.platform === 'win32')
    throw new UsageError('--command needs a POSIX shell and /proc or ps: it is not built for Windows yet');
  const { url, isPortChosen } = readUrl(settings.url);
  return {
    command: settings.command,
    fixedPort: isPortChosen ? undefined : Number(url.port),
    hostname: url.hostname,
    request: readRequest(settings, url),
    address: `${settings.method} http://${url.hostname}:${isPortChosen ? '$PORT' : url.port}${url.pathname}`,
    variants: await readResultFile(settings.variants, parseVariantsFile),
    readyMs: settings.readyS * 1000,
  };
}

function refuseRequestAlone({ method, header, body }: ServiceSettings): undefined {
  if (method !== 'GET' || header.length > 0 || body !== '')
    throw new UsageError(
      '--method, --header and --body are of a service of yours: give --command, --url and --variants',
    );
  return undefined;
}

function readUrl(text: string): { url: URL; isPortChosen: boolean } {
  const isPortChosen = PORT_PLACEHOLDER.test(text);
  const filled = text.replace(PORT_PLACEHOLDER, PORT_STAND_IN);
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  const example = "such as 'http://127.0.0.1:$PORT/path' in single quotes, or with a number for the port";
  if (url?.protocol !== 'http:') throw new UsageError(`--url should be an address ${example}: was "${text}"`);
  if (!HOSTNAMES.includes(url.hostname))
    throw new UsageError(
      `--url should be of this machine (${HOSTNAMES.join(', ')}), where the service is started: was ${url.hostname}`,
    );
  if (url.port === '' || (isPortChosen && url.port !== PORT_STAND_IN))
    throw new UsageError(`--url should name the port, ${example}: was "${text}"`);
  return { url, isPortChosen };
}

function readRequest({ method, header, body }: ServiceSettings, url: URL): TargetRequest {
  if (method === 'GET' && body !== '') throw new UsageError('--body should not be given with GET: add --method POST');
  return {
    method,
    path: `${url.pathname}${url.search}`,
    headers: Object.fromEntries(header.map(readHeader)),
    ...(body === '' ? {} : { body: body.startsWith('@') ? readBody(body.slice(1)) : body }),
  };
}

function readHeader(text: string): [name: string, value: string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\r\n\0]*)$/.exec(text) ?? [];
  // Not shown as it was: it may hold a key.
  if (name === undefined || value === undefined) throw new UsageError(`--header should be of the form 'name: value'`);
  return [name, value];
}

function readBody(file: string): string {
  try {
    const { size } = statSync(file);
    if (size <= BODY_BYTES_MAX) return readFileSync(file, 'utf8');
    throw new RangeError(`has ${size} bytes, at most ${BODY_BYTES_MAX} are allowed`);
  } catch (error) {
    throw new UsageError(`--body @${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
