import { NotHeldError, UsageError } from '@tracelab/command';
import { portFor } from '@tracelab/protocol';
import type { ErrorBody } from '@tracelab/protocol';
import { callHttp } from './http-call.ts';
import type { HttpCall } from './http-call.ts';
import { reachableHost } from './processes.ts';

/** The control waits up to 2 s for a service that is away. */
const ANSWER_LIMIT_MS = 10_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** `LAB_CONTROL_URL`, else the address at which `npm start` with the same environment listens. */
export function controlUrl(environment: Environment): string {
  const url = environment['LAB_CONTROL_URL'] ?? '';
  return url === ''
    ? `http://${reachableHost(environment)}:${portFor('control', environment)}`
    : url.replace(/\/+$/, '');
}

/**
 * Asks the running lab; `key` is what tells its answer from that of another program on the port. A lab that does not run
 * is a NotHeldError that says how to start it; what the lab refuses as malformed is a UsageError.
 */
export async function askControl<Reply extends object>(
  method: HttpCall['method'],
  path: string,
  key: keyof Reply & string,
  body?: unknown,
): Promise<Reply> {
  const url = controlUrl(process.env);
  const answer = await callHttp({
    method,
    url: `${url}${path}`,
    body,
    token: process.env['LAB_CONTROL_TOKEN'] ?? '',
    timeoutMs: ANSWER_LIMIT_MS,
  });
  if (!answer.reached)
    throw new NotHeldError(
      `no lab answers at ${url} (${answer.reason}): start it with 'npm start', or say where it is with LAB_CONTROL_URL`,
    );
  const reply = answer.body as (Partial<ErrorBody> & Partial<Reply>) | undefined | null;
  if (answer.status < 300 && reply?.[key] !== undefined) return reply as Reply;
  const message =
    reply?.error?.message ??
    `what answers at ${url} is not the control of a lab (status ${answer.status}): say where that is with LAB_CONTROL_URL`;
  throw answer.status === 400 ? new UsageError(message) : new NotHeldError(message);
}
