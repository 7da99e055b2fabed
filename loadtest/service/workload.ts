import { describePortHolder, freePorts, isPortFree, NotHeldError, type Shutdown } from '@tracelab/command';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessSet, SetSurroundings } from '../overhead/process-set.ts';
import type { Variant } from '../overhead/variant.ts';
import type { Workload } from '../overhead/workload.ts';
import type { Service } from './read-service.ts';
import { serviceLoad } from './service-load.ts';
import { startService, type ServiceProcess } from './service-process.ts';
import { untilReady } from './until-ready.ts';

/**
 * A service of somebody else as a load that can be measured. All that it started is gone when the shutdown has closed, too,
 * wherever the run was then.
 */
export function serviceWorkload(service: Service, shutdown: Shutdown): Workload {
  const started = new Set<ServiceProcess>();
  shutdown.onEnd('service', async () => void (await Promise.all([...started].map((process) => process.stop()))));
  return {
    name: 'service',
    path: `${service.address} of ${service.command}`,
    design: service.fixedPort === undefined ? 'side by side' : 'in turn',
    start: (variant, at) => startSet(service, variant, { ...at, started, signal: shutdown.signal }),
    requests: async () => [service.request],
    runLoad: serviceLoad(),
  };
}

interface Surroundings extends SetSurroundings {
  started: Set<ServiceProcess>;
  signal: AbortSignal;
}

async function startSet(service: Service, variant: Variant, at: Surroundings): Promise<ProcessSet> {
  const port = service.fixedPort ?? (await freePorts(1))[0] ?? 0;
  if (service.fixedPort !== undefined && !(await isPortFree(port)))
    throw new NotHeldError(
      `port ${port} of --url is held by ${await describePortHolder(port)}: end that, or put $PORT in its place, which gives each variant a free one`,
    );
  const origin = `http://${service.hostname}:${port}`;
  const running = startService(service.command, environmentOf(service, variant, { port, ...at }));
  at.started.add(running);
  const stop = async (): Promise<void> => {
    await running.stop();
    at.started.delete(running);
  };
  try {
    await untilReady({
      name: variant.name,
      service: running,
      origin,
      request: service.request,
      limitMs: service.readyMs,
      isPortChosen: service.fixedPort === undefined,
      signal: at.signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return createSet(running, { name: variant.name, origin, exportDelayMs: at.exportDelayMs, stop });
}

function createSet(
  running: ServiceProcess,
  {
    name,
    origin,
    exportDelayMs,
    stop,
  }: { name: string; origin: string; exportDelayMs: number; stop: () => Promise<void> },
): ProcessSet {
  return {
    entryUrl: origin,
    isSwitchable: false,
    usage: async () => {
      const death = await running.deathOf();
      if (death !== undefined) throw new NotHeldError(`the service of ${name} ${death}`);
      return { cpuUs: running.tree.cpuUs(), spansDropped: 0 };
    },
    setRatio: async () => {},
    setBurn: async () => {},
    untilDelivered: () => sleep(settleMs(exportDelayMs)),
    stop,
  };
}

/** Nobody tells what a service has still to deliver: one delay until its batch is due, one more for the sending. */
function settleMs(exportDelayMs: number): number {
  return 2 * exportDelayMs;
}

/**
 * The caller's environment without what configures a tracer in it, then where spans are counted, then what the file says. The
 * control has the environment of the first variant.
 */
function environmentOf(
  service: Service,
  variant: Variant,
  at: { port: number; sinkUrl: string; exportDelayMs: number },
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_'));
  const own = service.variants.find(({ name }) => name === variant.name) ?? service.variants[0];
  return {
    ...Object.fromEntries(inherited),
    OTEL_EXPORTER_OTLP_ENDPOINT: at.sinkUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_BSP_SCHEDULE_DELAY: String(at.exportDelayMs),
    ...own?.env,
    PORT: String(at.port),
  };
}
