import { SAMPLING_OPERATIONS_MAX, SAMPLING_RATE_PER_SECOND_MAX } from '@tracelab/protocol';
import { configError } from '../config/config-error.ts';
import {
  childOf,
  describe,
  readList,
  readMapping,
  readNumber,
  readText,
  readWholeNumber,
  type ConfigNode,
} from '../config/yaml-node.ts';

/** What a client of Jaeger's sampling protocol is answered (jaeger-idl, sampling.proto, as JSON); it looks at operationSampling first. */
export interface StrategyReply {
  strategyType: 'PROBABILISTIC' | 'RATE_LIMITING';
  probabilisticSampling?: Probability;
  rateLimitingSampling?: { maxTracesPerSecond: number };
  operationSampling?: OperationSampling;
}

interface Probability {
  samplingRate: number;
}

interface OperationSampling {
  defaultSamplingProbability: number;
  defaultLowerBoundTracesPerSecond: number;
  perOperationStrategies: { operation: string; probabilisticSampling: Probability }[];
}

export interface Strategies {
  byDefault: StrategyReply;
  byService: ReadonlyMap<string, StrategyReply>;
}

/** Where nothing is said everything is sampled: what is to be dropped can still be dropped in the collector. Jaeger's is 0.001. */
const PROBABILITY_DEFAULT = 1;

export const SAMPLE_EVERYTHING: Strategies = { byDefault: probabilistic(PROBABILITY_DEFAULT), byService: new Map() };

const STRATEGY_KEYS = ['type', 'param'] as const;

/**
 * Reads Jaeger's strategies file, with its meaning (jaeger, internal/sampling/samplingstrategy/file/provider.go): a service's
 * operations stand before the default's, and where it has none the default's hold, with the service's own probability for the rest. What
 * Jaeger skips with a warning is refused here. Throws a UsageError with the path of the key.
 */
export function parseStrategies(text: string): Strategies {
  const keys = readMapping({ path: '', value: parseJson(text) }, ['default_strategy', 'service_strategies']);
  const given = keys['default_strategy'];
  const byDefault = given === undefined ? SAMPLE_EVERYTHING.byDefault : parseStrategy(given, []);
  const byService = new Map<string, StrategyReply>();
  for (const node of keys['service_strategies'] === undefined ? [] : readList(keys['service_strategies'])) {
    const service = readText(childOf(node, 'service'));
    if (byService.has(service)) throw configError(node.path, `should be another service: "${service}" is there twice`);
    byService.set(service, withDefaultOperations(parseStrategy(node, ['service']), byDefault, node));
  }
  return { byDefault, byService };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw configError('', `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseStrategy(node: ConfigNode, furtherKeys: readonly string[]): StrategyReply {
  const keys = readMapping(node, [...STRATEGY_KEYS, 'operation_strategies', ...furtherKeys]);
  const strategy = parseTypeAndParam(node);
  const operations = keys['operation_strategies'] === undefined ? [] : readList(keys['operation_strategies']);
  if (operations.length === 0) return strategy;
  const operationSampling = {
    defaultSamplingProbability: strategy.probabilisticSampling?.samplingRate ?? PROBABILITY_DEFAULT,
    defaultLowerBoundTracesPerSecond: 0,
    perOperationStrategies: operations.map(parseOperation),
  };
  assertFewOperations(operationSampling, node);
  return { ...strategy, operationSampling };
}

function parseTypeAndParam(node: ConfigNode): StrategyReply {
  const [type, param] = [childOf(node, 'type'), childOf(node, 'param')];
  if (type.value === 'probabilistic') return probabilistic(readNumber(param, 0, 1));
  if (type.value !== 'ratelimiting')
    throw configError(type.path, `should be probabilistic or ratelimiting: was ${describe(type.value)}`);
  const rateLimitingSampling = { maxTracesPerSecond: readWholeNumber(param, 0, SAMPLING_RATE_PER_SECOND_MAX) };
  return { strategyType: 'RATE_LIMITING', rateLimitingSampling };
}

function parseOperation(node: ConfigNode): OperationSampling['perOperationStrategies'][number] {
  readMapping(node, [...STRATEGY_KEYS, 'operation']);
  const type = childOf(node, 'type');
  if (type.value !== 'probabilistic')
    throw configError(type.path, `should be probabilistic, no client knows others here: was ${describe(type.value)}`);
  const samplingRate = readNumber(childOf(node, 'param'), 0, 1);
  return { operation: readText(childOf(node, 'operation')), probabilisticSampling: { samplingRate } };
}

function withDefaultOperations(own: StrategyReply, byDefault: StrategyReply, node: ConfigNode): StrategyReply {
  const inherited = byDefault.operationSampling;
  if (inherited === undefined) return own;
  const listed = own.operationSampling?.perOperationStrategies ?? [];
  const known = new Set(listed.map(({ operation }) => operation));
  const probability =
    own.operationSampling?.defaultSamplingProbability ??
    own.probabilisticSampling?.samplingRate ??
    inherited.defaultSamplingProbability;
  const operationSampling = {
    ...inherited,
    defaultSamplingProbability: probability,
    perOperationStrategies: [
      ...listed,
      ...inherited.perOperationStrategies.filter(({ operation }) => !known.has(operation)),
    ],
  };
  assertFewOperations(operationSampling, node);
  return { ...own, operationSampling };
}

/** Clients refuse a longer list. */
function assertFewOperations({ perOperationStrategies: { length } }: OperationSampling, node: ConfigNode): void {
  if (length > SAMPLING_OPERATIONS_MAX) {
    const problem = `should have at most ${SAMPLING_OPERATIONS_MAX} operation_strategies, the default's included: has ${length}`;
    throw configError(node.path, problem);
  }
}

function probabilistic(samplingRate: number): StrategyReply {
  return { strategyType: 'PROBABILISTIC', probabilisticSampling: { samplingRate } };
}
