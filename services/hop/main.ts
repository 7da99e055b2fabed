import { runProgram, setting, UsageError } from '@tracelab/command';
import { listenUntilEnd } from '../kit/listen-until-end.ts';
import { shellSettings } from '../kit/shell-settings.ts';
import { BURN_US_MAX } from './burn.ts';
import { createHop } from './hop.ts';

await runProgram({
  name: 'hop',
  summary: 'One of the two bare processes that the cost of tracing is measured on.',
  settings: {
    ...shellSettings,
    role: setting.choice({
      choices: ['front', 'back'],
      default: 'back',
      env: 'HOP_ROLE',
      flag: 'role',
      description: 'the front asks the back',
    }),
    port: setting.integer({
      default: 0,
      min: 0,
      max: 65_535,
      env: 'HOP_PORT',
      flag: 'port',
      description: 'where to listen; 0 takes a free port',
    }),
    backUrl: setting.text({
      default: '',
      allowed: 'an address such as http://127.0.0.1:4700',
      env: 'HOP_BACK_URL',
      flag: 'back-url',
      description: 'where the front finds the back',
    }),
    injectedUs: setting.integer({
      default: 0,
      min: 0,
      max: BURN_US_MAX,
      env: 'HOP_INJECTED_US',
      flag: 'injected-us',
      description: 'CPU that each request burns on purpose, for the overhead table to find',
    }),
  },
  examples: ['hop --role back --port 4701', 'hop --role front --port 4700 --back-url http://127.0.0.1:4701'],
  run: async (program) => {
    const { host, port, role, backUrl, injectedUs, controlToken, logLevel } = program.settings;
    if (role === 'front' && !URL.canParse(backUrl)) {
      throw new UsageError(
        `the front needs --back-url (or HOP_BACK_URL), such as http://127.0.0.1:4701: was "${backUrl}"`,
      );
    }
    const server = createHop({ role, backUrl, injectedUs, controlToken, logLevel });
    await listenUntilEnd(server, { host, port, variable: 'HOP_PORT', what: `hop ${role}` }, program);
  },
});
