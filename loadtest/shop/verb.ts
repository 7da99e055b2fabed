import { announceReady, controlTokenSetting, defineVerb, listen, setting } from '@tracelab/command';
import { LOOPBACK_HOST, PORTS, portFor, urlFor } from '@tracelab/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { poissonArrival } from '../pace/pacer.ts';
import { constantRate } from '../pace/rate-profile.ts';
import { createControl, REQUESTS_PER_SECOND_MAX } from './control.ts';
import { Shopper, type ShopClock } from './shopper.ts';
import { createVisitor } from './visit.ts';

const settings = {
  rate: setting.decimal({
    default: 2,
    min: 0,
    max: REQUESTS_PER_SECOND_MAX,
    flag: 'rate',
    env: 'LOAD_REQUESTS_PER_SECOND',
    description: 'Shoppers a second, as a Poisson process; 0 waits until PUT /_lab/load says otherwise',
  }),
  inFlightMax: setting.integer({
    default: 50,
    min: 1,
    max: 1000,
    flag: 'in-flight-max',
    description: 'Visits unanswered at one time; those over it are skipped and counted',
  }),
  host: setting.text({ default: LOOPBACK_HOST, env: 'LAB_HOST', flag: 'host', description: 'Address of the control' }),
  controlToken: controlTokenSetting,
  logLevel: setting.choice({
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'warn',
    env: 'LAB_LOG_LEVEL',
    flag: 'log-level',
    description: 'Least severe log line of the control',
  }),
};

/** What `npm start` keeps going. */
export const shop = defineVerb({
  name: 'shop',
  summary: `Shoppers at the gateway (GATEWAY_URL) until ended; control on ${PORTS.load.variable}, PUT /_lab/load changes the rate`,
  settings,
  examples: ['GATEWAY_URL=http://127.0.0.1:4600 node loadtest/main.ts shop --rate 5'],
  run: async ({ settings, output, shutdown }) => {
    const visitor = createVisitor(urlFor('gateway', process.env), Math.random);
    const shopper = new Shopper({
      clock: REAL_CLOCK,
      requestsPerSecond: settings.rate,
      pacerFor: (requestsPerSecond) => poissonArrival(constantRate(requestsPerSecond), Math.random),
      visit: visitor.visit,
      say: output.progress,
      inFlightMax: settings.inFlightMax,
    });
    const control = createControl(shopper, { logLevel: settings.logLevel, token: settings.controlToken });
    const { variable, what } = PORTS.load;
    const { url } = await listen(control, { host: settings.host, port: portFor('load', process.env), variable, what });
    shutdown.onEnd('control of the shoppers', () => control.close());
    shutdown.signal.addEventListener('abort', () => void visitor.close());
    announceReady({ url });
    await shopper.run(shutdown.signal);
  },
});

const REAL_CLOCK: ShopClock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};
