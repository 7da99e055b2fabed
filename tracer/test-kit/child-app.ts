import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from '../../test/until.ts';
import { endWithTests } from './end-with-tests.ts';

/** A line of pino's. */
export type LogLine = Record<string, unknown>;

const PLAIN_APP = new URL('plain-app.ts', import.meta.url);
/** No test needs it longer: one that hangs fails, instead of its test hanging with it. */
const LIFE_MAX_MS = 60_000;

/** An application of this folder in a process of its own, traced by nothing but `--import`. */
export class ChildApp {
  url = '';
  readonly messages: unknown[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #process: ChildProcess;
  #stdout = '';
  stderr = '';

  private constructor(environment: Record<string, string>, program: URL) {
    this.#process = fork(fileURLToPath(program), [], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { PATH: process.env['PATH'], OTEL_BSP_SCHEDULE_DELAY: '50', ...environment },
      execArgv: ['--import', '@tracelab/tracer/register'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      timeout: LIFE_MAX_MS,
      killSignal: 'SIGKILL',
    });
    endWithTests(() => this.#process.kill('SIGKILL'));
    this.#process.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#process.on('message', (message) => this.messages.push(message));
    this.exited = new Promise((resolve) => {
      this.#process.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  static async start(environment: Record<string, string>, program = PLAIN_APP): Promise<ChildApp> {
    const app = new ChildApp(environment, program);
    await until(
      () => `the application to listen: ${app.stderr}`,
      () => app.messages.length > 0,
    );
    app.url = (app.messages.shift() as { url: string }).url;
    return app;
  }

  get logLines(): LogLine[] {
    return this.#stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Lets it end by itself. */
  async end(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (this.#process.connected) this.#process.send('end');
    return this.exited;
  }
}
