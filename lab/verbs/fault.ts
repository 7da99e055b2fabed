import { defineVerb, setting, UsageError } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';
import { SERVICES } from '@tracelab/protocol';
import type { Fault } from '@tracelab/protocol';
import { formatDelay } from '../arguments/delay.ts';
import { formatDuration } from '../arguments/duration.ts';
import { faultFromArguments } from '../arguments/fault-arguments.ts';
import { askControl } from '../control-client.ts';
import type { ClearedReply, FaultsReply, WantedFault } from '../control/fault-routes.ts';
import { formatTable } from '../report/table.ts';

const option = (flag: string, allowed: string, description: string) =>
  setting.text({ default: '', flag, allowed, description });

export const faultAdd: AnyProgram = defineVerb({
  name: 'fault add',
  summary: 'Makes a service slow or makes it fail, until the fault is cleared or its time is over.',
  parameters: [{ name: 'service', description: `one of ${SERVICES.join(', ')}`, required: true }],
  settings: {
    route: option('route', 'a path such as /charge', 'only this route; * at the end stands for any rest'),
    method: option('method', 'GET, POST, …', 'only this HTTP method'),
    delay: option(
      'delay',
      '870ms, uniform:100ms..300ms, normal:200ms,50ms or lognormal:80ms,900ms',
      'wait first; normal is mean and deviation, lognormal median and p99',
    ),
    status: option('status', '400 to 599', 'answer with this HTTP status'),
    reset: setting.toggle({ default: false, flag: 'reset', description: 'destroy the connection without an answer' }),
    probability: option('probability', '0.01 to 1; default 1', 'how likely it is for each request that fits'),
    seed: option('seed', 'a whole number; default a new one', 'repeats the draws of an earlier fault'),
    for: option('for', 'such as 30s; default for ever', 'the fault ends by itself'),
    header: option('header', 'name or name=value', 'only requests with this header'),
    baggage: option('baggage', 'name or name=value', 'only requests with this baggage member'),
    id: option(
      'id',
      'letters, digits, . _ -; default made of service, route and kind',
      'replaces the fault of the same id',
    ),
  },
  examples: [
    'npm run lab -- fault add bank --route /charge --delay 870ms',
    'npm run lab -- fault add inventory --status 503 --probability 0.1 --for 5m',
    'npm run lab -- fault add payments --delay lognormal:80ms,900ms --baggage tier=gold',
  ],
  run: async ({ settings, parameters, output }) => {
    const fault = faultFromArguments({ ...settings, service: parameters[0] ?? '' });
    if (!fault.ok) throw new UsageError(fault.error);
    const { id, spec } = fault.value;
    const held = await askControl<WantedFault>('PUT', `/_lab/faults/${encodeURIComponent(id)}`, 'applied', spec);
    const state = held.applied ? 'is in force' : `is wanted; ${held.service} is away and gets it when it returns`;
    output.result(
      held,
      `fault ${held.id} ${state}: ${describeFault(held)}\nclear it: npm run lab -- fault clear ${held.id}`,
    );
  },
});

export const faultList: AnyProgram = defineVerb({
  name: 'fault list',
  summary: 'Lists the faults of the running lab.',
  settings: {},
  run: async ({ output }) => {
    const reply = await askControl<FaultsReply>('GET', '/_lab/faults', 'faults');
    const rows = reply.faults.map((fault) => [
      fault.id,
      fault.service,
      describeFault(fault),
      timeLeft(fault),
      fault.applied ? 'yes' : 'service away',
    ]);
    output.result(
      reply,
      rows.length === 0 ? 'no faults' : formatTable(['id', 'service', 'what', 'ends in', 'in force'], rows),
    );
  },
});

export const faultClear: AnyProgram = defineVerb({
  name: 'fault clear',
  summary: 'Clears one fault, or all.',
  parameters: [{ name: 'id', description: 'as fault list shows it; without it all are cleared' }],
  settings: {},
  run: async ({ parameters, output }) => {
    const [id] = parameters;
    const path = id === undefined ? '/_lab/faults' : `/_lab/faults/${encodeURIComponent(id)}`;
    const reply = await askControl<ClearedReply>('DELETE', path, 'cleared');
    const away = reply.away.length === 0 ? '' : ` (${reply.away.join(', ')} away: cleared there on return)`;
    output.result(
      reply,
      reply.cleared.length === 0 ? 'there were no faults' : `cleared: ${reply.cleared.join(', ')}${away}`,
    );
  },
});

function describeFault(fault: Fault): string {
  const parts = [`${fault.method ?? 'any method'} ${fault.route ?? 'any route'}`];
  if (fault.delay !== undefined) parts.push(`delay ${formatDelay(fault.delay)}`);
  if (fault.abort !== undefined) parts.push(fault.abort.kind === 'reset' ? 'reset' : `status ${fault.abort.status}`);
  if (fault.probability < 1) parts.push(`probability ${fault.probability}`);
  if (isDrawn(fault)) parts.push(`seed ${fault.seed}`);
  if (fault.match !== undefined) parts.push(`where ${Object.values(fault.match).join('=')}`);
  return parts.join(', ');
}

function timeLeft(fault: Fault): string {
  if (fault.expiresUnixMs === undefined) return 'never';
  return formatDuration(Math.max(0, Math.round((fault.expiresUnixMs - Date.now()) / 1_000)) * 1_000);
}

/** Where chance decides, the seed is what repeats it. */
function isDrawn(fault: Fault): boolean {
  return fault.probability < 1 || (fault.delay !== undefined && fault.delay.kind !== 'fixed');
}
