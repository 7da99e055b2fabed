import { runProgram, setting, UsageError } from '@tracelab/command';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { scenarioSettings, scenarioVariables } from '../run/scenario-settings.ts';
import { usersMaxOf } from '../script/options.ts';
import { readSettings, requireEnough } from '../script/settings.ts';
import { bundleScript } from './bundle.ts';
import { manifestOf } from './manifest.ts';

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** `npm run -s k6:manifest -- --parallelism 4 | kubectl apply -f -` */
await runProgram({
  name: 'k6:manifest',
  summary:
    'Prints what the k6 operator of a Kubernetes cluster needs to play a scenario from several machines: the script in one file, in a ConfigMap, and a TestRun.',
  settings: {
    ...scenarioSettings,
    parallelism: setting.integer({
      default: 2,
      min: 1,
      max: 1000,
      flag: 'parallelism',
      description: 'Pods, each on a machine of its own; the rate is that of all together',
    }),
    gatewayUrl: setting.text({
      default: 'http://gateway:4600',
      flag: 'gateway-url',
      description: 'The shop as the pods reach it',
    }),
    controlUrl: setting.text({
      default: 'http://control:4690',
      flag: 'control-url',
      description: 'The lab’s control as the pods reach it; for faults alone',
    }),
    controlTokenSecret: setting.text({
      default: '',
      flag: 'control-token-secret',
      description: 'A Secret whose key "token" is the LAB_CONTROL_TOKEN of the lab; for faults alone',
    }),
    name: setting.text({
      default: 'tracelab-k6',
      allowed: 'up to 40 small letters, digits and dashes',
      flag: 'name',
      description: 'Of the TestRun and its ConfigMap',
    }),
    namespace: setting.text({ default: '', flag: 'namespace', description: 'Without it, the one of kubectl' }),
    image: setting.text({
      default: 'grafana/k6:1.8.1',
      flag: 'image',
      description: 'Of k6; the operator starts all pods at once by a command (--paused) that k6 2 no longer has',
    }),
    out: setting.text({ default: '', flag: 'out', description: 'A file instead of stdout' }),
  },
  examples: [
    'npm run -s k6:manifest -- --scenario spike --rate 500 --parallelism 4 | kubectl apply -f -',
    'npm run k6:manifest -- --gateway-url http://gateway.shop.svc:4600 --out testrun.yaml',
  ],
  run: async ({ settings, output }) => {
    if (!DNS_LABEL.test(settings.name))
      throw new UsageError(`--name should be up to 40 small letters, digits and dashes: was "${settings.name}"`);
    const variables = {
      ...scenarioVariables(settings),
      GATEWAY_URL: settings.gatewayUrl,
      LAB_CONTROL_URL: settings.controlUrl,
    };
    const { phases, scenario } = readSettings(variables);
    if (scenario === 'faults') requireEnough(phases, settings.parallelism);
    const usersMin = Math.min(...phases.map((phase) => usersMaxOf(phase.stage.fromRate))) / 2;
    if (settings.parallelism > usersMin)
      throw new UsageError(
        `--parallelism should be at most ${usersMin}, the users that this rate begins with, since each pod needs one: was ${settings.parallelism}`,
      );
    const manifest = manifestOf({ ...settings, variables, script: await bundleScript() });
    const yaml = manifest.map((part) => stringify(part, { lineWidth: 0 })).join('---\n');
    if (settings.out === '') return output.result(manifest, yaml);
    const file = resolve(settings.out);
    await writeFile(file, yaml);
    output.result({ file, manifest }, `Written: ${file}. kubectl apply -f ${settings.out}`);
  },
});
