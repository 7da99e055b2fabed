import { createCpuMeter, freePorts, launchProgram, type LaunchedProgram } from '@tracelab/command';
import type { CollectorName } from '@tracelab/protocol';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tracelabConfig } from './collector-configs.ts';
import type { CollectorStart, CollectorUnderTest } from './collector-process.ts';
import { startOtelcol, startOtelcolRouter } from './otelcol-under-test.ts';

/** No bound of memory that a measurement could meet. */
const PENDING_MEBIBYTES_MAX = '8192';

export async function startCollector(name: CollectorName, start: CollectorStart): Promise<CollectorUnderTest> {
  await mkdir(start.folder, { recursive: true });
  if (name === 'tracelab') return startTracelab(start);
  return name === 'otelcol' ? startOtelcol(start) : startOtelcolRouter(start);
}

async function startTracelab({ folder, decisionWaitS }: CollectorStart): Promise<CollectorUnderTest> {
  const [otlpPort, queryPort] = await freePorts(2);
  const config = join(folder, 'collector.yaml');
  await writeFile(config, tracelabConfig(decisionWaitS));
  const program = launchProgram({
    name: 'collector',
    file: 'collector/main.ts',
    args: ['--config', config, '--data', folder, '--pending-mebibytes-max', PENDING_MEBIBYTES_MAX],
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
  const readCountedBytes = (): Promise<number | undefined> => readPendingBytes(urls.query);
  return { name: 'tracelab', pid, cpu: createCpuMeter(pid), url: urls.otlp, readCountedBytes, stop };
}

async function readPendingBytes(queryUrl: string): Promise<number | undefined> {
  const metrics = await (await fetch(`${queryUrl}/metrics`)).text();
  const value = /^collector_pending_bytes (\S+)$/m.exec(metrics)?.[1];
  return value === undefined ? undefined : Number(value);
}
