import { defineVerb, ExitCode, NotHeldError, setting } from '@tracelab/command';
import { urlFor } from '@tracelab/protocol';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../k6/checkout.ts', import.meta.url));
/** k6's own code for a failed threshold. */
const THRESHOLDS_FAILED = 99;

/** Runs our k6 script in a real k6, which npm cannot install. */
export const k6 = defineVerb({
  name: 'k6',
  summary: 'Checkouts at a constant arrival rate from a real k6 (K6_BIN, else k6 on the PATH) at GATEWAY_URL',
  settings: {
    binary: setting.text({ default: 'k6', env: 'K6_BIN', description: 'The k6 binary, 1.0 or later' }),
    rate: setting.integer({ default: 10, min: 1, max: 10_000, flag: 'rate', description: 'Checkouts a second' }),
    duration: setting.text({ default: '30s', flag: 'duration', description: "How long, in k6's notation: 30s, 2m" }),
  },
  examples: ['K6_BIN=/usr/local/bin/k6 npm run k6 -- --rate 50 --duration 1m'],
  run: async ({ settings, shutdown }) => {
    const environment = {
      RATE: String(settings.rate),
      DURATION: settings.duration,
      GATEWAY_URL: urlFor('gateway', process.env),
    };
    const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const code = await runBinary(settings.binary, ['run', ...variables, SCRIPT], shutdown.signal);
    if (code === 0) return ExitCode.done;
    if (code === THRESHOLDS_FAILED) throw new NotHeldError('a threshold failed: k6 says which above');
    throw new NotHeldError(`k6 ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
  },
});

/** Ctrl-C reaches k6 by itself through the terminal; a request to end this process is passed on. */
async function runBinary(binary: string, args: readonly string[], signal: AbortSignal): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const child = spawn(binary, args, { stdio: 'inherit' });
  child.once('error', (error) =>
    reject(
      new NotHeldError(`${binary} cannot be started (${error.message}): install k6 and name it with K6_BIN`, {
        cause: error,
      }),
    ),
  );
  child.once('close', resolve);
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  return promise;
}
