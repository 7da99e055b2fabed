import {
  announceReady,
  dataFolder,
  defineVerb,
  listen,
  parseTracerName,
  setting,
  TRACER_NAMES,
} from '@tracelab/command';
import type { AnyProgram, ProgramContext, SettingsOf } from '@tracelab/command';
import { PORTS, portFor } from '@tracelab/protocol';
import { controlUrl } from '../control-client.ts';
import { createControl, watchServices } from '../control/create-control.ts';
import { planeOptions } from '../control/plane-options.ts';
import { createPlane } from '../control/plane.ts';
import type { ControlPlane } from '../control/plane.ts';
import { reachableHost, serviceUrl } from '../processes.ts';
import type { ProcessName } from '../processes.ts';
import { requireFreePorts } from '../supervise/free-port-check.ts';
import type { KeeperHost } from '../supervise/keep-alive.ts';
import { logFolderOf, portsOf, programsOf } from '../supervise/lab-programs.ts';
import type { LabPlan } from '../supervise/lab-programs.ts';
import { takeLock } from '../supervise/lock.ts';
import { describeReady } from '../supervise/ready-report.ts';
import type { ReadyReport } from '../supervise/ready-report.ts';
import { SAMPLING_MODES } from '../supervise/sampling-mode.ts';
import { startSupervisor } from '../supervise/supervisor.ts';
import type { Supervisor } from '../supervise/supervisor.ts';
import { controlSettings } from './control.ts';

const settings = {
  ...controlSettings,
  load: setting.toggle({ default: true, flag: 'load', description: 'start without the shoppers' }),
  sampling: setting.choice({
    choices: SAMPLING_MODES,
    default: 'all',
    flag: 'sampling',
    description:
      'all keeps every trace; tail: errors, slow ones and a tenth of the rest; hybrid: 1/16 in the services, of them errors, slow ones and a quarter',
  }),
  tracer: setting.text({
    default: 'lab',
    env: 'LAB_TRACER',
    allowed: TRACER_NAMES.join(', '),
    description: 'the tracer of the services',
  }),
};

interface RunningLab {
  plane: ControlPlane;
  supervisor: Supervisor;
}

type Context = ProgramContext<typeof settings>;

export const up: AnyProgram = defineVerb({
  name: 'up',
  summary: 'Starts the whole lab and keeps it running until Ctrl-C: what npm start does.',
  settings,
  examples: ['npm start', 'npm start -- --no-load', 'LAB_PORT_BASE=5600 npm start'],
  run: async (context) => {
    const plan = planLab(context.settings);
    const lock = takeLock(plan.dataFolder, controlUrl(process.env));
    context.shutdown.onEnd('lock', lock.release);
    await requireFreePorts(context.settings.host, portsOf(plan));
    context.output.progress('starting the lab …');
    const { plane, supervisor } = await startLab(plan, context);
    await Promise.race([supervisor.ready.then(plane.refresh), context.shutdown.untilRequested()]);
    if (context.shutdown.signal.aborted) return;
    const report = readyReport(plan);
    context.output.result({ ready: true, ...report }, describeReady(report, process.cwd()));
    announceReady({ url: report.viewer });
    await context.shutdown.untilRequested();
    context.output.progress('stopping …');
  },
});

function planLab({ sampling, tracer, load }: SettingsOf<typeof settings>): LabPlan {
  return {
    tracer: parseTracerName(tracer),
    hasLoad: load,
    sampling,
    dataFolder: dataFolder(process.env),
    environment: process.env,
  };
}

/** The control listens before the first child starts; at the end the children go first, the load before the shop before the collector. */
async function startLab(plan: LabPlan, { settings, output, shutdown }: Context): Promise<RunningLab> {
  let supervisor: Supervisor | undefined;
  const supervised = () => [
    ...(supervisor?.describe() ?? []),
    { name: 'lab', status: 'ready' as const, restarts: 0, pid: process.pid },
  ];
  const plane = createPlane(
    planeOptions({ hasLoad: plan.hasLoad, token: settings.controlToken, report: output.progress, supervised }),
  );
  const server = createControl(plane, { logLevel: 'silent' });
  const { variable, what } = PORTS.control;
  await listen(server, { host: settings.host, port: portFor('control', process.env), variable, what });
  shutdown.onEnd('control', () => server.close());
  supervisor = startSupervisor(programsOf(plan), keeperHost(plane, output.progress));
  for (const [index, stop] of supervisor.stopStage.entries()) shutdown.onEnd(`stage ${index + 1} of the lab`, stop);
  shutdown.onEnd('watch over the services', watchServices(plane));
  return { plane, supervisor };
}

function keeperHost(plane: ControlPlane, report: (text: string) => void): KeeperHost {
  return {
    report,
    onReturn: (name) => void plane.nudge(name as ProcessName).then(() => report(`${name} is back, with its faults`)),
    nowMs: () => performance.now(),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  };
}

function readyReport(plan: LabPlan): ReadyReport {
  const host = reachableHost(process.env);
  return {
    startedInMs: Math.round(performance.now()),
    viewer: `http://${host}:${portFor('query', process.env)}`,
    shop: serviceUrl('gateway', process.env),
    otlp: `http://${host}:${portFor('otlpHttp', process.env)}`,
    control: controlUrl(process.env),
    logs: logFolderOf(plan),
    hasLoad: plan.hasLoad,
  };
}
