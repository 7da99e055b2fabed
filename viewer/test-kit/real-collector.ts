import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tracesDataToJson } from '@tracelab/protocol';
import type { TracesData } from '@tracelab/protocol';
import type { Page } from 'playwright-core';
import { until } from '../../test/until.ts';

const PROJECT = join(import.meta.dirname, '..', '..');

/** The collector itself as a process of its own, sampling by the policies that a test writes. */
export interface RealCollector {
  /** Sends a trace as an exporter does. */
  send: (data: TracesData) => Promise<void>;
  /** Lets it answer what this page asks the API; the page's own files still come from where it was opened. */
  answer: (page: Page) => Promise<void>;
  close: () => Promise<void>;
}

/** `tailSampling` is the YAML of `processors.tail_sampling`, on one line. Ports are free ones. */
export async function startRealCollector(tailSampling: string): Promise<RealCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'tracelab-explained-'));
  const config = join(folder, 'collector.yaml');
  writeFileSync(config, configOf(tailSampling));
  const args = ['scripts/run.mjs', 'collector/main.ts', '--json', '--config', config, '--data', folder];
  const env = { ...process.env, COLLECTOR_HTTP_PORT: '0', COLLECTOR_QUERY_PORT: '0', COLLECTOR_SAMPLING_PORT: '0' };
  const child = spawn(process.execPath, args, { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await until('the collector says where it listens', () => printed.endsWith('}\n') || child.exitCode !== null);
  const urls = JSON.parse(printed) as { receivers: { otlpHttp: string }; query: string };
  return {
    send: async (data) => {
      const reply = await fetch(`${urls.receivers.otlpHttp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(tracesDataToJson(data)),
      });
      if (!reply.ok) throw new Error(`the collector refused the trace: ${reply.status} ${await reply.text()}`);
    },
    answer: async (page) => {
      await page.route(/\/api\/lab\//, (route) => {
        const { pathname, search } = new URL(route.request().url());
        return route.continue({ url: `${urls.query}${pathname}${search}` });
      });
    },
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(tailSampling: string): string {
  return `receivers: { otlp: { protocols: { http: } } }
processors: { tail_sampling: ${tailSampling} }
exporters: { tracelab: }
service: { pipelines: { traces: { receivers: [otlp], processors: [tail_sampling], exporters: [tracelab] } } }
`;
}
