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

/** A path with its query, cut apart, the fragment left out. */
export function splitPath(target: string): { path: string; query: string } {
  const hash = target.indexOf('#');
  const whole = hash < 0 ? target : target.slice(0, hash);
  const mark = whole.indexOf('?');
  return mark < 0
    ? { path: whole, query: '' }
    : { path: whole.slice(0, mark), query: redactQuery(whole.slice(mark + 1)) };
}
