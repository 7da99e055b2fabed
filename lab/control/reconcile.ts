import type { Fault, SamplerSetting, ServiceState } from '@tracelab/protocol';
import type { InjectionRing } from './injection-ring.ts';
import { faultPath, readFault, readInjections, readState } from './service-link.ts';
import type { ServiceLink } from './service-link.ts';
import { isSameFault } from './wanted-faults.ts';
import type { WantedState } from './wanted-state.ts';

/** What brings a service from the faults that it has to those that it shall have. */
interface Correction {
  put: Fault[];
  delete: string[];
}

function planCorrection(state: ServiceState, wantedFaults: readonly Fault[]): Correction {
  const isHeld = (wanted: Fault): boolean => state.faults.some((held) => isSameFault(wanted, held));
  const isWanted = (held: Fault): boolean => wantedFaults.some((wanted) => wanted.id === held.id);
  return {
    put: wantedFaults.filter((fault) => !isHeld(fault)),
    delete: state.faults.filter((held) => !isWanted(held)).map((held) => held.id),
  };
}

/** An argument that was left open is the service's to choose. */
export function isSameSampler(wanted: SamplerSetting, held: SamplerSetting | undefined): boolean {
  return wanted.sampler === held?.sampler && (wanted.arg === undefined || wanted.arg === held.arg);
}

/** What the control tells its log: a wanted state that a service refuses when it returns is given up, never silently. */
export type Report = (text: string) => void;

/** Reads what the service is like and brings it to the wanted state. Never rejects: a service that is away is tried again. */
export function reconcile(link: ServiceLink, wanted: WantedState, report: Report): Promise<void> {
  return link.exclusive(async () => {
    const state = readState(await link.call('GET', '/_lab/state'), link.service);
    link.state = state;
    if (state === undefined) return;
    if (!link.wasReached) adopt(state, wanted);
    link.wasReached = true;
    await correct(link, state, wanted, report);
  });
}

/** A control that was restarted alone finds its faults where they are: on the services. */
function adopt(state: ServiceState, wanted: WantedState): void {
  for (const held of state.faults) {
    if (wanted.faults.get(held.id) === undefined && wanted.faults.hasRoomFor(held.id)) wanted.faults.set(held);
  }
}

async function correct(link: ServiceLink, state: ServiceState, wanted: WantedState, report: Report): Promise<void> {
  const correction = planCorrection(state, wanted.faults.listFor(link.service));
  for (const id of correction.delete) await link.call('DELETE', faultPath(id));
  const away = new Set<string>();
  for (const fault of correction.put) if (!(await putAgain(link, fault, wanted, report))) away.add(fault.id);
  state.faults = wanted.faults.listFor(link.service).filter((fault) => !away.has(fault.id));
  await correctTracing(link, state, wanted, report);
  await correctClock(link, state, wanted, report);
}

/** A service without a tracer that can be switched says nothing about tracing, and is not asked to. */
async function correctTracing(
  link: ServiceLink,
  state: ServiceState,
  wanted: WantedState,
  report: Report,
): Promise<void> {
  const { tracing } = wanted;
  if (tracing === undefined || state.tracing === undefined || isSameSampler(tracing, state.tracing)) return;
  const answer = await link.call('PUT', '/_lab/tracing', tracing);
  if (answer.reached && answer.status === 200) state.tracing = tracing;
  if (answer.reached && answer.status === 400) {
    wanted.tracing = undefined;
    report(
      `${link.service} refuses the sampler ${JSON.stringify(tracing)}, so it is no longer wanted: ${JSON.stringify(answer.body)}`,
    );
  }
}

/** A service whose clock cannot be set says nothing about it, and is not asked to. */
async function correctClock(
  link: ServiceLink,
  state: ServiceState,
  wanted: WantedState,
  report: Report,
): Promise<void> {
  const offsetMs = wanted.clockOffsetsMs.get(link.service);
  if (offsetMs === undefined || state.clockOffsetMs === undefined || state.clockOffsetMs === offsetMs) return;
  const answer = await link.call('PUT', '/_lab/clock', { offsetMs });
  if (answer.reached && answer.status === 200) state.clockOffsetMs = offsetMs;
  if (answer.reached && answer.status === 400) {
    wanted.clockOffsetsMs.delete(link.service);
    report(
      `${link.service} refuses a clock offset of ${offsetMs} ms, so it is no longer wanted: ${JSON.stringify(answer.body)}`,
    );
  }
}

/** False where the service went away meanwhile. */
async function putAgain(link: ServiceLink, fault: Fault, wanted: WantedState, report: Report): Promise<boolean> {
  const answer = await link.call('PUT', faultPath(fault.id), fault);
  if (!answer.reached) return false;
  const held = answer.status < 300 ? readFault(answer.body, fault.id) : undefined;
  if (held !== undefined) {
    wanted.faults.set(held);
    return true;
  }
  wanted.faults.delete(fault.id);
  report(`${link.service} refuses the fault ${fault.id}, so it is no longer wanted: ${JSON.stringify(answer.body)}`);
  return true;
}

/** Reads on in the ground truth of a service; from the start where another instance of it answers. */
export async function collectInjections(link: ServiceLink, ring: InjectionRing): Promise<void> {
  await link.exclusive(async () => {
    if (link.state === undefined) return;
    const reply = readInjections(await link.call('GET', `/_lab/injections?after=${link.collected.sequence}`));
    if (reply === undefined) return;
    if (reply.instanceId === link.collected.instanceId || link.collected.sequence === 0) return take(link, reply, ring);
    link.collected = { instanceId: reply.instanceId, sequence: 0 };
    const fromTheStart = readInjections(await link.call('GET', '/_lab/injections?after=0'));
    if (fromTheStart !== undefined) take(link, fromTheStart, ring);
  });
}

function take(link: ServiceLink, reply: NonNullable<ReturnType<typeof readInjections>>, ring: InjectionRing): void {
  ring.add(reply.injections, reply.missedCount);
  link.collected = { instanceId: reply.instanceId, sequence: reply.lastSequence };
}
