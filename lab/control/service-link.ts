import { ApiError } from '@tracelab/command';
import type { Fault, InjectionsReply, ServiceName, ServiceState } from '@tracelab/protocol';
import { callHttp } from '../http-call.ts';
import type { HttpAnswer, HttpCall } from '../http-call.ts';

/** A service answers its control at once or is away: nobody waits longer for a fault to be added. */
const CALL_LIMIT_MS = 2_000;

/** The control's end of one service: what it last said about itself, and one call after the other. */
export interface ServiceLink {
  readonly service: ServiceName;
  /** Undefined while the service does not answer. */
  state: ServiceState | undefined;
  /** True once it has answered, ever. */
  wasReached: boolean;
  /** Injections up to this one, of this instance, were collected. */
  collected: { instanceId: string; sequence: number };
  call: (method: HttpCall['method'], path: string, body?: unknown) => Promise<HttpAnswer>;
  /** Runs after everything asked for before has ended, so that no comparison sees half a change. */
  exclusive: <Outcome>(act: () => Promise<Outcome>) => Promise<Outcome>;
}

export function createServiceLink(service: ServiceName, url: string, token: string): ServiceLink {
  let last: Promise<unknown> = Promise.resolve();
  return {
    service,
    state: undefined,
    wasReached: false,
    collected: { instanceId: '', sequence: 0 },
    call: (method, path, body) => callHttp({ method, url: `${url}${path}`, body, token, timeoutMs: CALL_LIMIT_MS }),
    exclusive: (act) => {
      const outcome = last.then(act);
      last = outcome.catch(() => {});
      return outcome;
    },
  };
}

/** Where a fault of this id is, on a service. */
export function faultPath(id: string): string {
  return `/_lab/faults/${encodeURIComponent(id)}`;
}

/** Parse boundary: a service of ours answered, or something else that happens to listen there. */
export function readState(answer: HttpAnswer, service: ServiceName): ServiceState | undefined {
  if (!answer.reached || answer.status !== 200) return undefined;
  const state = answer.body as Partial<ServiceState> | undefined | null;
  const isState = state?.service === service && typeof state.instanceId === 'string' && Array.isArray(state.faults);
  return isState ? (state as ServiceState) : undefined;
}

/** After a service accepted a change: one that the last round found away, or never saw, has evidently returned. */
export async function learnState(link: ServiceLink): Promise<void> {
  link.state ??= readState(await link.call('GET', '/_lab/state'), link.service);
}

export function readFault(body: unknown, id: string): Fault | undefined {
  const fault = body as Partial<Fault> | undefined | null;
  return fault?.id === id && typeof fault.service === 'string' && typeof fault.seed === 'number'
    ? (fault as Fault)
    : undefined;
}

export function readInjections(answer: HttpAnswer): InjectionsReply | undefined {
  if (!answer.reached || answer.status !== 200) return undefined;
  const reply = answer.body as Partial<InjectionsReply> | undefined | null;
  return Array.isArray(reply?.injections) && typeof reply.lastSequence === 'number'
    ? (reply as InjectionsReply)
    : undefined;
}

export interface Outcome {
  status: number;
  body: unknown;
}

/** An answer that is an error is passed on to the caller; one that is neither that nor expected is from no process of ours. */
export function refusalOf(answer: Outcome): Outcome {
  if (answer.status >= 400) return { status: answer.status, body: answer.body ?? null };
  throw new ApiError(
    'upstream_failed',
    `something unexpected was answered with status ${answer.status}: is another program on that port?`,
  );
}
