import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeEnd, freePorts, launchProgram, readResidentBytes, type ProgramEnd } from '@tracelab/command';
import { isRecord, tracesDataFromJson, type Ledger, type TracesData } from '@tracelab/protocol';

const MEBIBYTE = 1024 * 1024;

/** Small, so that a campaign meets each of them often. */
export const BOUNDS = {
  bodyBytesMax: 8 * MEBIBYTE,
  pendingMebibytesMax: 32,
  tracesMax: 2000,
  /** An idle collector has 110 MiB; bodies, undecided traces, the store's queue and what the heap has not given back come on top. */
  residentBytesMax: 768 * MEBIBYTE,
} as const;

const CONFIG = `
receivers: { otlp: { protocols: { http: { max_request_body_size: ${BOUNDS.bodyBytesMax} } } } }
processors: { tail_sampling: { decision_wait: 1s, num_traces: ${BOUNDS.tracesMax}, policies: [{ name: all, type: always_sample }] } }
exporters: { tracelab: }
service: { pipelines: { traces: { receivers: [otlp], processors: [tail_sampling], exporters: [tracelab] } } }
`;
const STOP_LIMIT_MS = 30_000;

/** A real collector process with its write-ahead log and its store, on free ports. */
export interface CollectorUnderFuzz {
  otlpUrl: string;
  /** How it ended; undefined while it runs. */
  ended: () => string | undefined;
  /** Undefined where the system does not tell. */
  residentBytes: () => number | undefined;
  ledger: () => Promise<Ledger>;
  /** Undefined where the collector has none. */
  readTrace: (traceId: string) => Promise<TracesData | undefined>;
  stop: () => Promise<ProgramEnd>;
}

/** @param folder of its state; one that is started in the folder of an earlier one goes on with its traces. */
export async function startCollectorUnderFuzz(folder: string): Promise<CollectorUnderFuzz> {
  const [otlpPort, queryPort, samplingPort] = (await freePorts(3)).map(String);
  const config = join(folder, 'collector.yaml');
  await writeFile(config, CONFIG);
  const program = launchProgram({
    name: 'collector',
    file: 'collector/main.ts',
    args: ['--config', config, '--data', folder, '--pending-mebibytes-max', String(BOUNDS.pendingMebibytesMax)],
    env: {
      LAB_HOST: '127.0.0.1',
      LAB_PORT_BASE: '',
      COLLECTOR_HTTP_PORT: String(otlpPort),
      COLLECTOR_QUERY_PORT: String(queryPort),
      COLLECTOR_SAMPLING_PORT: String(samplingPort),
      COLLECTOR_LOG_LEVEL: 'warn',
    },
    logFile: join(folder, 'collector.log'),
  });
  let end: ProgramEnd | undefined;
  void program.exited.then((ended) => (end = ended));
  await program.ready;
  const queryUrl = `http://127.0.0.1:${queryPort}`;
  return {
    otlpUrl: `http://127.0.0.1:${otlpPort}`,
    ended: () => (end === undefined ? undefined : `${describeEnd(end)}: ${end.lastLines}`),
    residentBytes: () => readResidentBytes(program.pid),
    ledger: async () => (await (await fetch(`${queryUrl}/api/lab/ledger`)).json()) as Ledger,
    readTrace: (traceId) => readTrace(`${queryUrl}/api/lab/traces/${traceId}`),
    stop: () => program.stop(STOP_LIMIT_MS),
  };
}

async function readTrace(url: string): Promise<TracesData | undefined> {
  const response = await fetch(url);
  const reply: unknown = await response.json();
  if (response.status === 404) return undefined;
  const data = tracesDataFromJson(isRecord(reply) ? reply['trace'] : undefined);
  if (response.status !== 200 || !data.ok)
    throw new Error(`${url} was answered ${response.status}: ${JSON.stringify(reply).slice(0, 500)}`);
  return data.value;
}
