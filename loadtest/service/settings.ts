import { setting, type SettingsOf } from '@tracelab/command';
import { TARGET_METHODS } from '../attack/http-target.ts';

/** Somebody else's service, in any language. */
export const serviceSettings = {
  command: setting.text({
    default: '',
    allowed: 'a line for the shell',
    flag: 'command',
    description: 'Measures a service of yours, which this starts (with --url and --variants)',
  }),
  url: setting.text({
    default: '',
    allowed: "such as 'http://127.0.0.1:$PORT/path', in single quotes",
    flag: 'url',
    description: 'What is asked of it; with $PORT each variant gets a port, with a number they are started in turn',
  }),
  variants: setting.text({
    default: '',
    allowed: 'a YAML or JSON file',
    flag: 'variants',
    description: 'The environments to compare, the baseline first',
  }),
  method: setting.choice({
    choices: TARGET_METHODS,
    default: 'GET',
    flag: 'method',
    description: 'Of each request to it',
  }),
  header: setting.list({ flag: 'header', description: "Of each request to it, as 'name: value'; never saved" }),
  body: setting.text({
    default: '',
    allowed: 'text, or @ and a file',
    flag: 'body',
    description: 'Of each request to it; never saved',
  }),
  readyS: setting.decimal({
    default: 30,
    min: 0.1,
    max: 600,
    flag: 'ready-s',
    description: 'Seconds after its start within which it should answer with a status below 500',
  }),
};

export type ServiceSettings = SettingsOf<typeof serviceSettings>;
