/**
 * GET of one address at a constant arrival rate: k6's half of `npm run bench:k6`, which compares it with our own sender.
 *
 *     k6 run -e URL=http://127.0.0.1:8080/ -e RATE=200 -e DURATION=10s -e USERS=30 loadtest/k6/script/one-address.ts
 */
import { get } from 'k6/http';
import type { Options } from 'k6/options';
import { SYSTEM_TAGS } from './options.ts';
import { readDuration, readRate } from './settings.ts';

const url = __ENV['URL'] ?? '';
const users = Number(__ENV['USERS'] ?? '50');

export const options: Options = {
  scenarios: {
    load: {
      executor: 'constant-arrival-rate',
      rate: readRate('RATE', __ENV['RATE'] ?? '200'),
      timeUnit: '1s',
      duration: `${readDuration(__ENV['DURATION'] ?? '10s')}ms`,
      preAllocatedVUs: users,
      maxVUs: users,
    },
  },
  thresholds: { dropped_iterations: ['count==0'], http_req_failed: ['rate==0'] },
  systemTags: SYSTEM_TAGS,
};

export default function getOnce(): void {
  get(url);
}

/** Prints nothing: the samples are what is compared. */
export function handleSummary(): Record<string, string> {
  return {};
}
