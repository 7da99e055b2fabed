import { randomFillSync, randomUUID } from 'node:crypto';
import { ROOT_CONTEXT, diag, trace } from '@opentelemetry/api';
import { TRACER_SWITCH, readClockOffset } from '@tracelab/protocol';
import type { SpanCounts, TracerSwitch } from '@tracelab/protocol';
import { registerApiGlobals } from './api-globals.ts';
import { SpanClock } from './clock/span-clock.ts';
import { readSettings } from './config/read-settings.ts';
import type { Environment, Settings } from './config/read-settings.ts';
import { createResource, serviceNameOf } from './config/resource.ts';
import { TRACER_VERSION } from './config/version.ts';
import { AsyncContextManager } from './context/async-context-manager.ts';
import { suppressTracing } from './context/suppress.ts';
import { createTransport } from './export/create-transport.ts';
import { SpanBuffer } from './export/span-buffer.ts';
import { SpanExporter } from './export/span-exporter.ts';
import { createNoOutlet } from './export/span-outlet.ts';
import type { SpanOutlet } from './export/span-outlet.ts';
import type { Transport } from './export/transport.ts';
import { instrumentAll } from './instrument/instrument-all.ts';
import { describeLosses } from './log/describe-losses.ts';
import { DIAG_LEVELS, createStderrLog, warnRarely } from './log/stderr-log.ts';
import { createBaggageHosts } from './propagate/baggage-hosts.ts';
import { createBaggageAttributes } from './propagate/baggage-attributes.ts';
import { createPropagator } from './propagate/composite.ts';
import { createPropagationCounts } from './propagate/counts.ts';
import type { RemoteHost } from './sample/remote/remote-sampler.ts';
import { SamplerSwitch } from './sample/sampler-switch.ts';
import type { Sampler } from './sample/sampler.ts';
import { IdPool } from './span/id-pool.ts';
import { SpanTracerProvider } from './span/tracer-provider.ts';
import type { TracerHome } from './span/tracer.ts';

export interface StartOptions {
  /** Where the OTEL_* variables are read. @default process.env */
  environment?: Environment;
  /** Settings that win over the environment's. */
  settings?: Partial<Settings>;
  /** False: the API alone, no spans for HTTP, fetch, SQL and no stamps on log lines. @default true */
  instrument?: boolean;
}

export interface TracerHandle {
  /** Sends what has ended so far; false where the time ran out first. @default timeoutMs OTEL_BSP_EXPORT_TIMEOUT */
  forceFlush: (timeoutMs?: number) => Promise<boolean>;
  /** Flushes within the time, counts the rest as lost, and takes the tracer out of the process. @default timeoutMs 5000 */
  shutdown: (timeoutMs?: number) => Promise<void>;
  readonly switch: TracerSwitch;
}

const SHUTDOWN_TIMEOUT_MS = 5000;
const SAMPLER_DEFAULT = 'parentbased_always_on';
const WARN_INTERVAL_MS = 10_000;

/**
 * Makes this process traced: registers provider, propagator and context manager with `@opentelemetry/api`, publishes the
 * TracerSwitch and puts the instrumentations in. Call it before the application makes its servers. Throws an Error where
 * another tracer is registered already; never because of a setting.
 */
export function start(options: StartOptions = {}): TracerHandle {
  const complaints: string[] = [];
  const read = readSettings(options.environment ?? process.env, (sentence) => complaints.push(sentence));
  const settings = withSettings(read, options.settings);
  diag.setLogger(
    createStderrLog((line) => process.stderr.write(line)),
    { logLevel: DIAG_LEVELS[settings.logLevel], suppressOverrideMessage: true },
  );
  for (const complaint of complaints) diag.warn(complaint);
  const contexts = new AsyncContextManager();
  const exporter = createExporter(settings, contexts);
  const samplers = createSamplers(settings, contexts);
  const home = createHome(settings, exporter, samplers.sampler);
  const propagation = createPropagationCounts();
  const unregister = registerApiGlobals({
    contextManager: contexts,
    propagator: createPropagator(settings.propagators, {
      isIncomingTrusted: settings.isIncomingTrusted,
      counts: propagation,
      mayHaveBaggage: createBaggageHosts(settings.baggageHosts),
    }),
    // Specification: a disabled SDK makes no spans, and its propagators keep working.
    provider: settings.sdkDisabled ? undefined : new SpanTracerProvider(home),
  });
  const takeOut = options.instrument === false || settings.sdkDisabled ? () => {} : instrument(settings, contexts);
  const tracerSwitch = createSwitch(samplers, home, () => ({ ...exporter.counts(), propagation: { ...propagation } }));
  Object.defineProperty(globalThis, TRACER_SWITCH, { value: tracerSwitch, configurable: true });
  return {
    switch: tracerSwitch,
    forceFlush: (timeoutMs) => exporter.forceFlush(timeoutMs),
    shutdown: async (timeoutMs = SHUTDOWN_TIMEOUT_MS) => {
      takeOut();
      samplers.close();
      await exporter.shutdown(timeoutMs);
      const losses = describeLosses(tracerSwitch.counts());
      if (losses !== undefined) diag.warn(losses);
      unregister();
      Reflect.deleteProperty(globalThis, TRACER_SWITCH);
    },
  };
}

/** Exported for the bench, which brings a transport that drops the bytes. */
export function createExporter(
  settings: Settings,
  contexts: AsyncContextManager,
  transport: Transport | undefined = createTransport(settings, (sentence) => diag.warn(sentence)),
): SpanOutlet {
  if (transport === undefined) return createNoOutlet();
  const buffer = new SpanBuffer(createResource(settings, { pid: BigInt(process.pid), instanceId: randomUUID() }));
  return new SpanExporter(buffer, transport, settings, {
    nowMs,
    random: Math.random,
    startTimer,
    isolate: isolateIn(contexts),
    warn: warnRarely((sentence) => diag.warn(sentence), nowMs, WARN_INTERVAL_MS),
  });
}

/** Exported for the bench, where two tracers live in one process and none is registered. */
export function createHome(settings: Settings, exporter: SpanOutlet, sampler: Sampler): TracerHome {
  const { attributeLengthMax: valueLengthMax } = settings;
  const clock = new SpanClock();
  clock.offsetMs = settings.clockOffsetMs;
  return {
    clock,
    ids: new IdPool(randomFillSync),
    sampler,
    contextAttributes: createBaggageAttributes(settings.baggageAttributes),
    sink: exporter,
    counts: { spansCreated: 0, spansSampled: 0 },
    limits: {
      attributes: { countMax: settings.attributesMax, valueLengthMax },
      eventCountMax: settings.eventsMax,
      eventAttributes: { countMax: settings.eventAttributesMax, valueLengthMax },
      linkCountMax: settings.linksMax,
      linkAttributes: { countMax: settings.linkAttributesMax, valueLengthMax },
    },
  };
}

/** The environment's argument is not meant for a sampler that comes from code. */
function withSettings(read: Settings, given: Partial<Settings> = {}): Settings {
  return { ...read, ...(given.sampler !== undefined && { samplerArg: undefined }), ...given };
}

/** A setting that only code can hold, and that no sampler allows, is said and not used: a tracer always starts. */
function createSamplers(settings: Settings, contexts: AsyncContextManager): SamplerSwitch {
  const { sampler, samplerArg } = settings;
  const host = createSamplerHost(settings, contexts);
  try {
    return new SamplerSwitch(samplerArg === undefined ? { sampler } : { sampler, arg: samplerArg }, host);
  } catch (cause) {
    diag.warn(`${cause instanceof Error ? cause.message : String(cause)}; using ${SAMPLER_DEFAULT}`);
    return new SamplerSwitch({ sampler: SAMPLER_DEFAULT }, host);
  }
}

function createSamplerHost(settings: Settings, contexts: AsyncContextManager): RemoteHost {
  return {
    serviceName: serviceNameOf(settings),
    nowMs,
    startTimer,
    isolate: isolateIn(contexts),
    warn: (sentence) => diag.warn(sentence),
  };
}

function nowMs(): number {
  return performance.now();
}

/** Our own requests and timers belong to no request of the application, and make no spans. */
function isolateIn(contexts: AsyncContextManager): <T>(run: () => T) => T {
  const outside = suppressTracing(ROOT_CONTEXT);
  return (run) => contexts.with(outside, run);
}

function startTimer(run: () => void, delayMs: number, isHolding = false): () => void {
  const timer = setTimeout(run, delayMs);
  if (!isHolding) timer.unref();
  return () => clearTimeout(timer);
}

function instrument(settings: Settings, contexts: AsyncContextManager): () => void {
  return instrumentAll({
    tracerFor: (library) => trace.getTracer(`@tracelab/tracer/${library}`, TRACER_VERSION),
    enterContext: (context) => contexts.enter(context),
    ignorePaths: settings.ignorePaths,
  });
}

function createSwitch(
  samplers: SamplerSwitch,
  home: TracerHome,
  counts: () => Omit<SpanCounts, keyof TracerHome['counts']>,
): TracerSwitch {
  return {
    setSampler: (setting) => {
      samplers.set(setting);
      home.sampler = samplers.sampler;
    },
    getSampler: () => samplers.setting,
    describeSampler: () => samplers.describe(),
    counts: () => ({ ...home.counts, ...counts() }),
    getClockOffset: () => home.clock.offsetMs,
    setClockOffset: (offsetMs) => {
      const read = readClockOffset({ offsetMs });
      if (!read.ok) throw new RangeError(read.error);
      home.clock.offsetMs = offsetMs;
    },
  };
}
