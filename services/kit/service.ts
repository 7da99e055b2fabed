import { randomUUID } from 'node:crypto';
import type { ServiceName, ServiceState } from '@tracelab/protocol';
import { createAccessCheck, createHttpServer } from '@tracelab/command';
import { LIMITS } from '@tracelab/protocol';
import type { FastifyInstance } from 'fastify';
import { faultRoutes } from './control/faults.ts';
import { injectionRoutes } from './control/injections.ts';
import { clockRoutes, currentClockOffsetMs } from './control/clock.ts';
import { currentSampler, tracerSwitch, tracingRoutes } from './control/tracing.ts';
import { usageRoutes } from './control/usage.ts';
import { createFaultSet } from './faults/fault-set.ts';
import { createFaultHook } from './faults/hook.ts';
import { createInjectionLog } from './faults/injections.ts';
import { createServiceMetrics } from './metrics.ts';
import type { Peer } from './peer.ts';
import { createPeer } from './peer.ts';
import type { Log, Route } from './route.ts';
import { addRoutes } from './route.ts';

/** What a service is: its business as routes, and whom it calls. */
export interface ServiceDefinition {
  name: ServiceName;
  summary: string;
  /** How long it waits for each peer. Grows towards the gateway, so that the service next to the culprit names it. */
  peerTimeoutMs?: Partial<Record<ServiceName, number>>;
  routes: (tools: ServiceTools) => Route[];
}

interface ServiceTools {
  /** Throws where the definition has no time limit for that peer. */
  peer: (name: ServiceName) => Peer;
  log: Log;
}

export interface ServiceOptions {
  urlOf: (service: ServiceName) => string;
  /** Empty: only callers on this machine may use `/_lab`. */
  controlToken: string;
  logLevel: string;
  nowUnixMs: () => number;
  /** From 0 to below 1: seeds of faults that name none. */
  random: () => number;
}

/** The whole of a service but for its socket: business, health, metrics and the lab's control. */
export function createService(definition: ServiceDefinition, options: ServiceOptions): FastifyInstance {
  const server = createHttpServer({ name: definition.name, logLevel: options.logLevel });
  const metrics = createServiceMetrics(tracerSwitch()?.counts);
  const { name: service } = definition;
  const { nowUnixMs, random } = options;
  const instanceId = randomUUID();
  const faults = createFaultSet({ nowUnixMs });
  const injections = createInjectionLog(instanceId, LIMITS.injectionsKeptMax);
  const injector = { service, faults, injections, nowUnixMs, count: metrics.countInjection };
  const state = (): ServiceState => stateOf({ service, instanceId, faults: faults.list() });

  addHealthAndMetrics(server, metrics.text);
  addControl(server, options.controlToken, [
    { method: 'GET', path: '/_lab/state', handle: state },
    ...faultRoutes({ service, faults, nowUnixMs, random }),
    ...injectionRoutes(injections),
    ...tracingRoutes(),
    ...clockRoutes(),
    ...usageRoutes(metrics.requestCount),
  ]);
  // A scope of its own: faults and request metrics never touch health, metrics and control.
  void server.register(async function business(scope) {
    scope.addHook('onRequest', metrics.onRequest);
    scope.addHook('onRequest', createFaultHook(injector));
    addRoutes(scope, definition.routes({ log: server.log, peer: (name) => peerOf(definition, name, options) }));
  });
  return server;
}

/** `/_lab` for callers who may: see createAccessCheck. */
export function addControl(server: FastifyInstance, token: string, routes: readonly Route[]): void {
  void server.register(async function control(scope) {
    scope.addHook('onRequest', createAccessCheck(token));
    addRoutes(scope, routes);
  });
}

function addHealthAndMetrics(
  server: FastifyInstance,
  metricsText: () => Promise<{ contentType: string; body: string }>,
): void {
  addRoutes(server, [{ method: 'GET', path: '/healthz', handle: () => ({ status: 'ok' }) }]);
  server.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await metricsText();
    return reply.type(contentType).send(body);
  });
}

function stateOf(held: Omit<ServiceState, 'tracing' | 'clockOffsetMs'>): ServiceState {
  const tracing = currentSampler();
  const clockOffsetMs = currentClockOffsetMs();
  return { ...held, ...(tracing && { tracing }), ...(clockOffsetMs !== undefined && { clockOffsetMs }) };
}

function peerOf(definition: ServiceDefinition, name: ServiceName, options: ServiceOptions): Peer {
  const timeoutMs = definition.peerTimeoutMs?.[name];
  if (timeoutMs === undefined) throw new Error(`${definition.name} declares no peer ${name}`);
  return createPeer({ name, url: options.urlOf(name), timeoutMs });
}
