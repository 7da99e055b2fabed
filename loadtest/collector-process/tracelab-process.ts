import { createCpuMeter, freePorts, launchProgram, type LaunchedProgram } from '@tracelab/command';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CollectorUnderTest } from './collector-under-test.ts';

/** No bound of memory that a measurement could meet. */
const PENDING_MEBIBYTES_MAX = '8192';

export interface TracelabStart {
  /** Empty and of its own. */
  folder: string;
  /** YAML; its endpoint does not matter, since the port comes from the environment. */
  config: string;
  /** Of the collector, further ones. */
  args?: readonly string[];
}

/** Starts our collector; resolves when it is ready. */
export async function startTracelab({ folder, config, args = [] }: TracelabStart): Promise<CollectorUnderTest> {
  const [otlpPort, queryPort] = await freePorts(2);
  const file = join(folder, 'collector.yaml');
  await mkdir(folder, { recursive: true });
  await writeFile(file, config);
  const program = launchProgram({
    name: 'collector',
    file: 'collector/main.ts',
    args: ['--config', file, '--data', folder, '--pending-mebibytes-max', PENDING_MEBIBYTES_MAX, ...args],
    env: {
      LAB_HOST: '127.0.0.1',
      LAB_PORT_BASE: '',
      NODE_OPTIONS: '',
      COLLECTOR_HTTP_PORT: String(otlpPort),
      COLLECTOR_SAMPLING_PORT: '0',
      COLLECTOR_QUERY_PORT: String(queryPort),
      COLLECTOR_LOG_LEVEL: 'warn',
    },
  });
  return whenReady(program, { otlp: `http://127.0.0.1:${otlpPort}`, query: `http://127.0.0.1:${queryPort}` });
}

async function whenReady(program: LaunchedProgram, urls: { otlp: string; query: string }): Promise<CollectorUnderTest> {
  try {
    await program.ready;
  } catch (error) {
    await program.stop();
    throw error;
  }
  const { pid } = program;
  const stop = async (limitMs?: number): Promise<void> => void (await program.stop(limitMs));
  const readMetrics = async (): Promise<string> => (await fetch(`${urls.query}/metrics`)).text();
  return { pid, cpu: createCpuMeter(pid), url: urls.otlp, readMetrics, stop };
}
