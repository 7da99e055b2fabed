import { LineCounter, parseDocument } from 'yaml';
import { DEFAULT_CONFIG, EXPORTER_NAMES, type CollectorConfig } from './collector-config.ts';
import { configError } from './config-error.ts';
import { parseBatch } from './parse-batch.ts';
import { parseMemoryLimiter } from './parse-memory-limiter.ts';
import { parseProbabilisticSampler } from './parse-probabilistic-sampler.ts';
import { parseReceivers } from './parse-receivers.ts';
import { parseTailSampling } from './parse-tail-sampling.ts';
import type { Semantics } from './policy-config.ts';
import { describe, readList, readMapping, readText, required, type ConfigNode } from './yaml-node.ts';

/** In the order in which spans pass them. */
const PROCESSOR_NAMES = ['memory_limiter', 'probabilistic_sampler', 'tail_sampling', 'batch'] as const;
type ProcessorName = (typeof PROCESSOR_NAMES)[number];

/** Expansions of YAML aliases, so that a small file cannot become a huge one. */
const ALIASES_MAX = 100;

/**
 * Reads a file in the OpenTelemetry Collector's vocabulary, with its meaning: a key that is absent has the upstream
 * default. Throws a UsageError with the path of the first key that is wrong or not supported.
 */
export function parseConfig(text: string, semantics: Semantics = 'otel'): CollectorConfig {
  const root = readMapping({ path: '', value: parseYaml(text) }, ['receivers', 'processors', 'exporters', 'service']);
  const pipeline = readPipeline(root['service']);
  const receivers = readMapping(required(root['receivers'], 'receivers'), ['otlp', 'zipkin']);
  const processors = readMapping(root['processors'] ?? absent('processors'), PROCESSOR_NAMES);
  const exporters = readMapping(required(root['exporters'], 'exporters'), EXPORTER_NAMES);
  for (const [list, defined] of [
    [pipeline.receivers, receivers],
    [pipeline.processors, processors],
    [pipeline.exporters, exporters],
  ] as const) {
    for (const name of list)
      if (defined[readText(name)] === undefined)
        throw configError(name.path, `names ${describe(name.value)}, which is not defined`);
  }
  checkOrder(pipeline.processors);
  return {
    receivers: parseReceivers(pipeline.receivers, receivers),
    ...parseProcessors(pipeline.processors, processors, semantics),
    ...parseExporters(pipeline.exporters, exporters),
  };
}

function parseYaml(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw configError('', `is not YAML: ${error.message}`);
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown;
  } catch (error) {
    throw configError('', `is not acceptable: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Pipeline {
  receivers: ConfigNode[];
  processors: ConfigNode[];
  exporters: ConfigNode[];
}

function readPipeline(service: ConfigNode | undefined): Pipeline {
  const pipelines = readMapping(required(service, 'service'), ['pipelines'])['pipelines'];
  const traces = readMapping(required(pipelines, 'service.pipelines'), ['traces'])['traces'];
  const path = 'service.pipelines.traces';
  const keys = readMapping(required(traces, path), ['receivers', 'processors', 'exporters']);
  const receivers = readList(required(keys['receivers'], `${path}.receivers`));
  const exporters = readList(required(keys['exporters'], `${path}.exporters`));
  const processors = keys['processors'] === undefined ? [] : readList(keys['processors']);
  if (receivers.length === 0) throw configError(`${path}.receivers`, 'should name otlp, zipkin or both: was empty');
  if (exporters.length === 0)
    throw configError(`${path}.exporters`, `should name one of ${EXPORTER_NAMES.join(', ')}: was empty`);
  return { receivers, processors, exporters };
}

/** What the pipeline does not name does nothing; wrong is wrong all the same. */
function parseProcessors(
  named: readonly ConfigNode[],
  {
    memory_limiter: limiter,
    probabilistic_sampler: spanSampler,
    tail_sampling: sampling,
    batch,
  }: Readonly<Record<string, ConfigNode>>,
  semantics: Semantics,
): Pick<CollectorConfig, 'tailSampling' | 'memoryLimiter' | 'probabilisticSampler' | 'batch'> {
  const tailSampling = sampling === undefined ? undefined : parseTailSampling(sampling, semantics);
  const memoryLimiter = limiter === undefined ? undefined : parseMemoryLimiter(limiter);
  const probabilisticSampler = spanSampler === undefined ? undefined : parseProbabilisticSampler(spanSampler);
  const batching = batch === undefined ? undefined : parseBatch(batch);
  const isNamed = (processor: ProcessorName): boolean => named.some(({ value }) => value === processor);
  return {
    tailSampling: (isNamed('tail_sampling') ? tailSampling : undefined) ?? {
      ...DEFAULT_CONFIG.tailSampling,
      semantics,
    },
    memoryLimiter: isNamed('memory_limiter') ? memoryLimiter : undefined,
    probabilisticSampler: isNamed('probabilistic_sampler') ? probabilisticSampler : undefined,
    batch: isNamed('batch') ? batching : undefined,
  };
}

/** Each stands once, as upstream, and where it stands here: other orders have other meanings there. */
function checkOrder(named: readonly ConfigNode[]): void {
  let last = -1;
  for (const { path, value } of named) {
    const place = PROCESSOR_NAMES.indexOf(value as ProcessorName);
    if (place === last) throw configError(path, `names ${describe(value)} a second time: once is enough`);
    if (place < last)
      throw configError(
        path,
        `names ${describe(value)} behind ${PROCESSOR_NAMES[last]}: the order here is ${PROCESSOR_NAMES.join(', ')}`,
      );
    last = place;
  }
}

/** Beside the store, nop changes nothing. */
function parseExporters(
  named: readonly ConfigNode[],
  defined: Readonly<Record<string, ConfigNode>>,
): Pick<CollectorConfig, 'exporter' | 'storePath'> {
  if (defined['nop'] !== undefined) readMapping(defined['nop'], []);
  const path = defined['tracelab'] === undefined ? undefined : readMapping(defined['tracelab'], ['path'])['path'];
  return {
    exporter: named.some(({ value }) => value === 'tracelab') ? 'tracelab' : 'nop',
    storePath: path === undefined ? undefined : readText(path),
  };
}

function absent(path: string): ConfigNode {
  return { path, value: undefined };
}
