import type { LoadSetting } from '@tracelab/protocol';
import { callHttp } from '../http-call.ts';
import type { HttpAnswer } from '../http-call.ts';
import type { Report } from './reconcile.ts';
import type { WantedState } from './wanted-state.ts';

const CALL_LIMIT_MS = 2_000;

/** The control's end of the shoppers. */
export interface LoadLink {
  /** Undefined while they do not answer. */
  setting: LoadSetting | undefined;
  get: () => Promise<HttpAnswer>;
  put: (body: unknown) => Promise<HttpAnswer>;
}

export function createLoadLink(url: string, token: string): LoadLink {
  const call = (method: 'GET' | 'PUT', body?: unknown): Promise<HttpAnswer> =>
    callHttp({ method, url: `${url}/_lab/load`, body, token, timeoutMs: CALL_LIMIT_MS });
  return { setting: undefined, get: () => call('GET'), put: (body) => call('PUT', body) };
}

/**
 * Reads the rate and sets the wanted one again where it differs, as after a restart. One that they refuse, asked for while
 * they were away, is given up and reported.
 */
export async function reconcileLoad(link: LoadLink, wanted: WantedState, report: Report): Promise<void> {
  link.setting = readLoad(await link.get());
  const rate = wanted.load?.requestsPerSecond;
  if (link.setting === undefined || rate === undefined || rate === link.setting.requestsPerSecond) return;
  const answer = await link.put({ requestsPerSecond: rate });
  link.setting = readLoad(answer) ?? link.setting;
  if (!answer.reached || answer.status !== 400) return;
  wanted.load = undefined;
  report(`the shoppers refuse ${rate} requests a second, so it is no longer wanted: ${JSON.stringify(answer.body)}`);
}

/** Parse boundary; undefined where it is not the shoppers who answered. */
export function readLoad(answer: HttpAnswer): LoadSetting | undefined {
  if (!answer.reached || answer.status !== 200) return undefined;
  const setting = answer.body as Partial<LoadSetting> | undefined | null;
  return typeof setting?.requestsPerSecond === 'number' ? { requestsPerSecond: setting.requestsPerSecond } : undefined;
}
