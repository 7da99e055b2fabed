import type { Options } from 'k6/options';

export interface Settings {
  requestsPerSecond: number;
  /** In k6's notation: 30s, 2m. */
  duration: string;
  gatewayUrl: string;
}

const RATE_MAX = 10_000;

/** Reads RATE, DURATION and GATEWAY_URL; throws a RangeError that says what was got and what is allowed. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const rate = environment['RATE'] ?? '10';
  const requestsPerSecond = Number(rate);
  // The executor takes whole numbers only.
  if (!Number.isInteger(requestsPerSecond) || requestsPerSecond < 1 || requestsPerSecond > RATE_MAX) {
    throw new RangeError(`RATE should be a whole number of requests a second from 1 to ${RATE_MAX}: was "${rate}"`);
  }
  const duration = environment['DURATION'] ?? '30s';
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration))
    throw new RangeError(`DURATION should be like 30s or 2m: was "${duration}"`);
  const gatewayUrl = (environment['GATEWAY_URL'] ?? 'http://127.0.0.1:4600').replace(/\/+$/, '');
  return { requestsPerSecond, duration, gatewayUrl };
}

/**
 * Users for answers of up to 2 s before k6 has to drop an iteration, half of them made beforehand (making one during the run
 * takes so long that k6 drops iterations meanwhile). A dropped iteration fails the run: the load was not the one asked for, so its figures mean nothing.
 */
export function checkoutOptions(settings: Settings): Options {
  const usersMax = Math.max(40, settings.requestsPerSecond * 2);
  return {
    scenarios: {
      checkout: {
        executor: 'constant-arrival-rate',
        rate: settings.requestsPerSecond,
        timeUnit: '1s',
        duration: settings.duration,
        preAllocatedVUs: usersMax / 2,
        maxVUs: usersMax,
      },
    },
    thresholds: {
      dropped_iterations: ['count==0'],
      http_req_failed: ['rate<0.01'],
      checks: ['rate>0.99'],
    },
  };
}
