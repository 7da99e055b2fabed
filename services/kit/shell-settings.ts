import { controlTokenSetting, setting } from '@tracelab/command';
import { LOOPBACK_HOST } from '@tracelab/protocol';

/** Settings that every program of this room has. */
export const shellSettings = {
  host: setting.text({
    default: LOOPBACK_HOST,
    env: 'LAB_HOST',
    flag: 'host',
    description: 'the address to listen on',
  }),
  controlToken: controlTokenSetting,
  logLevel: setting.choice({
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    env: 'LAB_LOG_LEVEL',
    flag: 'log-level',
    description: 'the least severe log line to write',
  }),
};
