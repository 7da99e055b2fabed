/**
 * What LAB_TRACER=otel loads before a program: OpenTelemetry's Node SDK with its own instrumentation, set up by the OTEL_*
 * variables, so that a service can be compared with the lab's tracer. Only the sampler can be changed while it runs.
 */
import type { TracerSwitch } from '@tracelab/protocol';
import { TRACER_SWITCH } from '@tracelab/protocol';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createCountingProcessor } from './counting-processor.ts';
import { officialInstrumentations } from './instrumentations.ts';
import { samplerFromEnvironment, SwitchableSampler } from './switchable-sampler.ts';

/** The SDK's default. */
const QUEUE_SPANS_MAX = 2048;
/** While the program ends by its own handlers, what ends meanwhile goes out this often, as with the lab's tracer. */
const FLUSH_EVERY_MS = 100;

const warn = (sentence: string): void => void process.stderr.write(`tracer warn: ${sentence}\n`);
const sampler = new SwitchableSampler(samplerFromEnvironment(process.env, warn));
const { processor, counts } = createCountingProcessor(
  new OTLPTraceExporter(),
  Number(process.env['OTEL_BSP_MAX_QUEUE_SIZE'] ?? '') || QUEUE_SPANS_MAX,
);
new NodeSDK({
  sampler,
  spanProcessors: [processor],
  instrumentations: officialInstrumentations(process.env),
  // Spans alone, as from the lab's tracer: by default the SDK would also send metrics and logs.
  metricReaders: [],
  logRecordProcessors: [],
}).start();

const tracerSwitch: TracerSwitch = {
  setSampler: (setting) => sampler.set(setting),
  getSampler: () => sampler.setting,
  counts: () => ({ spansCreated: sampler.spansCreated, spansSampled: sampler.spansSampled, ...counts() }),
};
Object.defineProperty(globalThis, TRACER_SWITCH, { value: tracerSwitch, configurable: true });

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, flushOften);

function flushOften(): void {
  const flush = (): void => void processor.forceFlush().catch(() => {});
  flush();
  setInterval(flush, FLUSH_EVERY_MS).unref();
}
