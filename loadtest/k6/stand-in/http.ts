/** Stands in for `k6/http` in tests: keeps what was sent and answers from `answers`, by method and URL. */
export interface Sent {
  method: string;
  url: string;
  body: string | undefined;
  headers: Readonly<Record<string, string>>;
}

export interface Answer {
  status: number;
  error: string;
  body: string;
  timings: { duration: number };
  json: () => unknown;
}

interface Parameters {
  headers: Readonly<Record<string, string>>;
}

export const sent: Sent[] = [];
export const answers = new Map<string, { status: number; body: unknown; durationMs?: number }>();

function send(request: Sent): Answer {
  sent.push(request);
  const answer = answers.get(`${request.method} ${request.url}`);
  return {
    status: answer?.status ?? 0,
    error: answer === undefined ? 'connection refused' : '',
    body: answer === undefined ? '' : JSON.stringify(answer.body),
    timings: { duration: answer?.durationMs ?? 0 },
    json: () => answer?.body,
  };
}

export function get(url: string): Answer {
  return send({ method: 'GET', url, body: undefined, headers: {} });
}

export function post(url: string, body: string, parameters: Parameters): Answer {
  return send({ method: 'POST', url, body, headers: parameters.headers });
}

export function put(url: string, body: string, parameters: Parameters): Answer {
  return send({ method: 'PUT', url, body, headers: parameters.headers });
}

export function del(url: string, _body: null, parameters: Parameters): Answer {
  return send({ method: 'DELETE', url, body: undefined, headers: parameters.headers });
}
