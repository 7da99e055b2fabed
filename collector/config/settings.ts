import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError, dataFolder, setting, type SettingsOf } from '@tracelab/command';
import { LOOPBACK_HOST, PORTS, portFor } from '@tracelab/protocol';
import { DEFAULT_CONFIG, RECEIVER_NAMES, type CollectorConfig, type ReceiversConfig } from './collector-config.ts';
import { parseConfig } from './parse-config.ts';
import { SEMANTICS } from './policy-config.ts';
import { differingPolicies, shareBudgets } from './share-budgets.ts';

/** More than a machine has cores is of no use. */
const SAMPLERS_MAX = 64;

/** What is decided for the process and not by the configuration file. */
export const COLLECTOR_SETTINGS = {
  config: setting.text({
    flag: 'config',
    env: 'COLLECTOR_CONFIG',
    default: '',
    description:
      "a file in the OpenTelemetry Collector's vocabulary, as collector/collector.yaml; without one everything is kept",
  }),
  semantics: setting.choice({
    flag: 'semantics',
    env: 'COLLECTOR_SEMANTICS',
    choices: SEMANTICS,
    default: 'otel',
    description:
      "otel: policies decide as the OpenTelemetry Collector's, to the letter; lab: with its traps mended, and kept spans carry their probability",
  }),
  data: setting.text({
    flag: 'data',
    default: '',
    description: 'the folder of the store; default .tracelab/collector, or below LAB_DATA_DIR',
  }),
  host: setting.text({
    flag: 'host',
    env: 'LAB_HOST',
    default: LOOPBACK_HOST,
    description: 'the address to listen on',
  }),
  samplingStrategies: setting.text({
    flag: 'sampling-strategies',
    env: 'COLLECTOR_SAMPLING_STRATEGIES',
    default: '',
    description:
      "a strategies file as Jaeger's, read again when it changes, for samplers that ask; without one: everything",
  }),
  pendingMebibytesMax: setting.integer({
    flag: 'pending-mebibytes-max',
    env: 'COLLECTOR_PENDING_MEBIBYTES_MAX',
    default: 256,
    min: 1,
    max: 65_536,
    description: 'memory of undecided traces; at the bound the oldest is decided early',
  }),
  samplers: setting.integer({
    flag: 'samplers',
    env: 'COLLECTOR_SAMPLERS',
    default: 1,
    min: 1,
    max: SAMPLERS_MAX,
    description:
      'more than 1: each in a thread of its own, for the traces whose ids are its; they share the bounds of undecided traces and the budgets of limiting policies in equal parts',
  }),
  wal: setting.toggle({
    flag: 'wal',
    env: 'COLLECTOR_WAL',
    default: true,
    description:
      'a write-ahead log: what was acknowledged survives the end of the process, kill -9 too, and but for the last second a power cut; --no-wal is quicker',
  }),
  walMebibytesMax: setting.integer({
    flag: 'wal-mebibytes-max',
    env: 'COLLECTOR_WAL_MEBIBYTES_MAX',
    default: 2048,
    min: 64,
    max: 1_048_576,
    description: 'disk of the write-ahead log; at the bound requests are refused until traces are decided and stored',
  }),
  explainMebibytesMax: setting.integer({
    flag: 'explain-mebibytes-max',
    env: 'COLLECTOR_EXPLAIN_MEBIBYTES_MAX',
    default: 1024,
    min: 1,
    max: 1_048_576,
    description: 'disk of what is written down about decisions; at the bound the oldest are forgotten',
  }),
  logLevel: setting.choice({
    flag: 'log-level',
    env: 'COLLECTOR_LOG_LEVEL',
    choices: ['silent', 'error', 'warn', 'info', 'debug'],
    default: 'info',
    description: 'what is logged to stdout',
  }),
} as const;

export interface ResolvedSettings {
  /** Of each sampler where there are several: its share. */
  config: CollectorConfig;
  /** Names of the policies whose budget is shared out. */
  policiesShared: readonly string[];
  query: { host: string; port: number };
  sampling: { host: string; port: number };
  storeFile: string;
  ledgerFile: string;
  explainFolder: string;
  walFolder: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the file and applies the environment: a receiver's own port variable, LAB_PORT_BASE and LAB_HOST win over its endpoint in the file. */
export async function resolveSettings(
  settings: SettingsOf<typeof COLLECTOR_SETTINGS>,
  environment: Environment,
): Promise<ResolvedSettings> {
  const config = await readConfig(settings);
  const tailSampling = shareBudgets(config.tailSampling, settings.samplers);
  const named = settings.data === '' ? config.storePath : settings.data;
  const folder = named === undefined ? join(dataFolder(environment), 'collector') : resolve(named);
  return {
    config: { ...config, receivers: moveReceivers(config.receivers, settings.host, environment), tailSampling },
    policiesShared: differingPolicies(config.tailSampling, tailSampling),
    query: { host: settings.host, port: portFor('query', environment) },
    sampling: { host: settings.host, port: portFor('sampling', environment) },
    storeFile: join(folder, 'traces.sqlite'),
    ledgerFile: join(folder, 'ledger.json'),
    explainFolder: join(folder, 'explain'),
    walFolder: join(folder, 'wal'),
  };
}

function moveReceivers(receivers: ReceiversConfig, hostWanted: string, environment: Environment): ReceiversConfig {
  const moved: ReceiversConfig = {};
  for (const name of RECEIVER_NAMES) {
    const receiver = receivers[name];
    if (receiver === undefined) continue;
    const isPortSet = [PORTS[name].variable, 'LAB_PORT_BASE'].some((variable) => (environment[variable] ?? '') !== '');
    moved[name] = {
      ...receiver,
      host: hostWanted === LOOPBACK_HOST ? receiver.host : hostWanted,
      port: isPortSet ? portFor(name, environment) : receiver.port,
    };
  }
  return moved;
}

async function readConfig({
  config: path,
  semantics,
}: SettingsOf<typeof COLLECTOR_SETTINGS>): Promise<CollectorConfig> {
  if (path !== '') return parseConfig(await readConfigFile(path), semantics);
  return { ...DEFAULT_CONFIG, tailSampling: { ...DEFAULT_CONFIG.tailSampling, semantics } };
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--config ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
