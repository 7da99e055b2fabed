import type { Fault, Result, ServiceName } from '@tracelab/protocol';
import { ApiError } from '@tracelab/command';
import type { FaultSet } from '../faults/fault-set.ts';
import { parseFaultSpec } from '../faults/parse-fault.ts';
import type { Route } from '../route.ts';

export interface FaultControl {
  service: ServiceName;
  faults: FaultSet;
  nowUnixMs: () => number;
  random: () => number;
}

/** `GET|DELETE /_lab/faults` and `GET|PUT|DELETE /_lab/faults/{id}`: what shall go wrong in this process. */
export function faultRoutes(control: FaultControl): Route[] {
  const { faults } = control;
  const item = '/_lab/faults/:id';
  return [
    { method: 'GET', path: '/_lab/faults', handle: () => faults.list() },
    { method: 'DELETE', path: '/_lab/faults', handle: () => ({ deletedCount: faults.clear() }) },
    { method: 'GET', path: item, handle: ({ params }) => faults.get(idOf(params)) ?? refuseUnknown(idOf(params)) },
    { method: 'PUT', path: item, handle: ({ params, body }) => putFault(control, idOf(params), body) },
    {
      method: 'DELETE',
      path: item,
      handle: ({ params }) => (faults.delete(idOf(params)) ? { deletedCount: 1 } : refuseUnknown(idOf(params))),
    },
  ];
}

function putFault(control: FaultControl, id: string, body: unknown): Fault {
  const { service, random } = control;
  const fault = unwrap(parseFaultSpec(body, { id, service, random, nowUnixMs: control.nowUnixMs() }));
  return unwrap(control.faults.put(fault));
}

function unwrap<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new ApiError('bad_request', result.error);
}

function idOf(params: Readonly<Record<string, string>>): string {
  return params['id'] ?? '';
}

function refuseUnknown(id: string): never {
  throw new ApiError('not_found', `there is no fault "${id}": GET /_lab/faults lists those there are`);
}
