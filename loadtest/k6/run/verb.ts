import { defineVerb, describeMachineAtStart, ExitCode, setting, type Output, type SettingsOf } from '@tracelab/command';
import { LOOPBACK_HOST, portFor, urlFor } from '@tracelab/protocol';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deliverAttack } from '../../attack/deliver.ts';
import type { AttackResult } from '../../attack/result.ts';
import { usersMaxOf } from '../script/options.ts';
import { requestsIn } from '../script/scenarios.ts';
import { readSettings, type Settings } from '../script/settings.ts';
import { formatCount } from '../../report/format.ts';
import { makeResultFolder, resultFolder, writeResultFile } from '../../result-file.ts';
import { readK6Version, requireHeld, requireNoOverrides, runK6, sampleK6, type K6Run } from './run-k6.ts';
import { scenarioSettings, scenarioVariables } from './scenario-settings.ts';

const SCRIPT = fileURLToPath(new URL('../script/checkout.ts', import.meta.url));
const SUMMARY_FILE = 'k6-summary.json';
/** Beyond it, only k6's aggregates are kept: its samples of so many take 200 MB of the temporary folder. */
const REQUESTS_SAVED_MAX = 200_000;
const settings = {
  binary: setting.text({ default: 'k6', env: 'K6_BIN', description: 'The k6 binary, 1.0 or later' }),
  ...scenarioSettings,
  out: setting.text({ default: '', flag: 'out', description: 'Folder for the results; default .tracelab/k6/<time>' }),
};

type K6Settings = SettingsOf<typeof settings>;

/** Runs our k6 script in a real k6, which npm cannot install. */
export const k6 = defineVerb({
  name: 'k6',
  summary: 'Checkouts at GATEWAY_URL in a scenario of a real k6 (K6_BIN, else k6 on the PATH), every request saved',
  settings,
  examples: [
    'K6_BIN=/usr/local/bin/k6 npm run k6 -- --scenario spike --rate 50 --duration 1m',
    'npm run k6 -- --scenario faults',
    'npm run lab -- attack --from .tracelab/k6/2026-11-28T08-03-16/attack.json',
  ],
  run: async ({ settings: given, output, shutdown }) => {
    requireNoOverrides(process.env);
    const startedAt = new Date().toISOString();
    const folder = resultFolder(given.out, 'k6', startedAt);
    const variables = { ...variablesOf(given), SUMMARY_FILE: join(folder, SUMMARY_FILE) };
    const plan = readSettings(variables);
    const sender = await readK6Version(given.binary);
    makeResultFolder(folder);
    const run: K6Run = {
      binary: given.binary,
      script: SCRIPT,
      variables,
      printsToStdout: !output.isJson,
      showsProgress: output.isTerminal,
      signal: shutdown.signal,
    };
    if (requestsIn(plan.phases) > REQUESTS_SAVED_MAX) return runForAggregates(run, plan, output);
    const about = { startedAt, sender, machine: describeMachineAtStart() };
    const { code, ...sampled } = await sampleK6(run, namesOf(plan));
    // Nothing to keep: k6 has said why.
    if (sampled.shots.status.length === 0) requireHeld(code);
    const result = resultOf(plan, { ...about, ...sampled, complete: !shutdown.signal.aborted });
    const exitCode = deliverAttack(output, result, await writeResultFile(folder, 'attack.json', result));
    requireHeld(code);
    return exitCode;
  },
});

function variablesOf(given: K6Settings): Record<string, string> {
  return {
    ...scenarioVariables(given),
    GATEWAY_URL: urlFor('gateway', process.env),
    LAB_CONTROL_URL: process.env['LAB_CONTROL_URL'] ?? `http://${LOOPBACK_HOST}:${portFor('control', process.env)}`,
  };
}

/** A long load: what k6 itself sums up is all that is kept. */
async function runForAggregates(run: K6Run, plan: Settings, output: Output): Promise<ExitCode> {
  const requests = formatCount(requestsIn(plan.phases));
  const bound = formatCount(REQUESTS_SAVED_MAX);
  output.progress(
    `${requests} requests are more than the ${bound} that are saved one by one: only aggregates are kept.`,
  );
  const code = await runK6(run);
  requireHeld(code);
  const file = run.variables['SUMMARY_FILE'] ?? '';
  output.result({ summaryFile: file, load: plan.load, isEveryRequestSaved: false }, `Aggregates: ${file}`);
  return run.signal.aborted ? ExitCode.notHeld : ExitCode.done;
}

type Measured = Required<Pick<AttackResult, 'startedAt' | 'sender' | 'machine' | 'complete' | 'shots' | 'failures'>>;

function resultOf(plan: Settings, measured: Measured): AttackResult {
  return {
    format: 'tracelab-attack',
    version: 1,
    ...measured,
    latencyFrom: 'send',
    load: `scenario ${plan.scenario}, POST ${plan.gatewayUrl}/checkout, ${plan.load}`,
    inFlightMax: Math.max(...plan.phases.map((phase) => usersMaxOf(phase.stage.fromRate))),
  };
}

function namesOf(plan: Settings): string[] {
  return plan.phases.map((phase) => phase.name);
}
