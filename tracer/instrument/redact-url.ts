/** Query parameters that carry credentials: cloud signatures (HTTP semantic conventions) and the usual names of secrets. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  'awsaccesskeyid',
  'signature',
  'sig',
  'x-goog-signature',
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'auth',
  'authorization',
  'api_key',
  'apikey',
  'api-key',
  'key',
  'secret',
  'client_secret',
  'password',
  'passwd',
  'pwd',
  'code',
  'session',
  'sessionid',
  'jwt',
]);

const REDACTED = 'REDACTED';

/** The query (without `?`) with the values of secret parameters replaced; names and order stay. */
export function redactQuery(query: string): string {
  if (!query.includes('=')) return query;
  return query.split('&').map(redactParameter).join('&');
}

function redactParameter(parameter: string): string {
  const equals = parameter.indexOf('=');
  if (equals < 0) return parameter;
  const name = parameter.slice(0, equals);
  return SECRET_PARAMETERS.has(decodeName(name).toLowerCase()) ? `${name}=${REDACTED}` : parameter;
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The path of a request's target and its redacted query, cut apart, the fragment left out. */
export function splitPath(target: string): { path: string; query: string } {
  const { start, query } = cutQuery(target);
  // RFC 9112, 3.2.2: a target may be a whole URL, credentials and all.
  const path = start.startsWith('/') ? start : start.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, '');
  return { path: path === '' ? '/' : path, query };
}

/** A whole URL with its secret parameters and its credentials replaced (semantic conventions, url.full). */
export function redactUrl(url: string): string {
  const { start, query } = cutQuery(url);
  const whole = start.includes('@') ? withoutCredentials(start) : start;
  return query === '' ? whole : `${whole}?${query}`;
}

function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/]*@/i, `$1${REDACTED}:${REDACTED}@`);
}

function cutQuery(target: string): { start: string; query: string } {
  const hash = target.indexOf('#');
  const whole = hash < 0 ? target : target.slice(0, hash);
  const mark = whole.indexOf('?');
  return mark < 0
    ? { start: whole, query: '' }
    : { start: whole.slice(0, mark), query: redactQuery(whole.slice(mark + 1)) };
}

/** `example.com:8080`, `[::1]:8080` or `example.com`, cut apart; an IPv6 address comes without its brackets. */
export function splitAuthority(authority: string): { address: string; port: number | undefined } {
  const colon = authority.lastIndexOf(':');
  const port = colon > authority.lastIndexOf(']') ? Number(authority.slice(colon + 1)) : Number.NaN;
  const host = Number.isInteger(port) ? authority.slice(0, colon) : authority;
  const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return { address, port: Number.isInteger(port) ? port : undefined };
}

/** Of an authority that names none. */
export function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}
