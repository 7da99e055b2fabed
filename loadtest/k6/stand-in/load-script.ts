import { registerHooks } from 'node:module';
import { test } from './execution.ts';

/** What k6 calls in our checkout script. */
export interface Script {
  options: {
    scenarios: Record<string, Record<string, unknown>>;
    thresholds: Record<string, string[]>;
  };
  setup: () => { skus: string[] };
  default: (data: { skus: string[] }) => void;
  switchFaultsOn: () => void;
  switchFaultsOff: () => void;
  teardown: () => void;
  handleSummary: (data: unknown) => Record<string, string>;
}

const SCRIPT = new URL('../script/checkout.ts', import.meta.url);
const STAND_INS = new Map([
  ['k6', new URL('k6.ts', import.meta.url).href],
  ['k6/http', new URL('http.ts', import.meta.url).href],
  ['k6/metrics', new URL('metrics.ts', import.meta.url).href],
  ['k6/execution', new URL('execution.ts', import.meta.url).href],
]);

/** From here on k6's modules are the stand-ins. */
export function standInForK6(): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = STAND_INS.get(specifier);
      return url === undefined ? next(specifier, context) : { url, format: 'module-typescript', shortCircuit: true };
    },
  });
}

/** The script as k6 has it when it begins: with its variables, and its scenarios taken over. */
export async function loadScript(environment: Readonly<Record<string, string>>): Promise<Script> {
  Reflect.set(globalThis, '__ENV', environment);
  // A query makes it a new module: k6, too, runs the script anew for every user.
  const script = (await import(`${SCRIPT.href}?${new URLSearchParams(environment).toString()}`)) as Script;
  test.options = script.options;
  return script;
}
