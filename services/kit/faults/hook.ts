import { setTimeout as delay } from 'node:timers/promises';
import type { Abort, Injection, ServiceName } from '@tracelab/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { abortRequest } from './abort.ts';
import type { FaultEffect, FaultSet } from './fault-set.ts';
import type { InjectionLog } from './injections.ts';
import { requestTrace } from './injections.ts';

export interface FaultInjector {
  service: ServiceName;
  faults: FaultSet;
  injections: InjectionLog;
  nowUnixMs: () => number;
  /** Counts an injection in the metrics. */
  count: (injection: Injection) => void;
}

/**
 * A Fastify onRequest hook for the routes of the business: first all delays together, then the abort. Where the caller
 * goes away during a delay its timer ends with it and the handler never runs.
 */
export function createFaultHook(
  injector: FaultInjector,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  return async function injectFaults(request, reply) {
    const route = request.routeOptions.url ?? '';
    const path = request.url.split('?', 1)[0] ?? '';
    const effects = injector.faults.drawEffects({ method: request.method, route, path, headers: request.headers });
    if (effects.length === 0) return undefined;
    for (const effect of effects) record(injector, effect, request);
    return inject(effects, reply);
  };
}

function record(injector: FaultInjector, effect: FaultEffect, request: FastifyRequest): void {
  const traceparent = request.headers['traceparent'];
  const injection: Injection = {
    faultId: effect.fault.id,
    service: injector.service,
    route: request.routeOptions.url ?? '',
    timeUnixMs: injector.nowUnixMs(),
    ...requestTrace(typeof traceparent === 'string' ? traceparent : undefined),
    ...(effect.delayMs === undefined ? {} : { delayMs: effect.delayMs }),
    ...(effect.abort === undefined ? {} : { abort: effect.abort }),
  };
  injector.injections.record(injection);
  injector.count(injection);
}

async function inject(effects: readonly FaultEffect[], reply: FastifyReply): Promise<FastifyReply | undefined> {
  const delayMs = effects.reduce((sum, effect) => sum + (effect.delayMs ?? 0), 0);
  if (delayMs > 0 && !(await waitWhileConnected(delayMs, reply))) {
    reply.hijack();
    return reply;
  }
  const aborting = effects.find(isAborting);
  if (aborting === undefined) return undefined;
  abortRequest(aborting.abort, aborting.fault.id, reply);
  return reply;
}

function isAborting(effect: FaultEffect): effect is FaultEffect & { abort: Abort } {
  return effect.abort !== undefined;
}

/** False where the connection closed first. */
async function waitWhileConnected(delayMs: number, reply: FastifyReply): Promise<boolean> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  reply.raw.once('close', onClose);
  try {
    await delay(delayMs, undefined, { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    reply.raw.off('close', onClose);
  }
}
