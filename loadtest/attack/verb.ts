import {
  defineVerb,
  describeMachineAtStart,
  NotHeldError,
  setting,
  UsageError,
  type SettingsOf,
  type Shutdown,
  readResultFile,
} from '@tracelab/command';
import { seedSetting, seedOf } from '../seed-setting.ts';
import { urlFor } from '@tracelab/protocol';
import { makeResultFolder, resultFolder, writeResultFile } from '../result-file.ts';
import { seededRandom } from '../seeded-random.ts';
import { NO_TRACEPARENT } from '../k6/script/traceparents.ts';
import { createAlarm } from './alarm.ts';
import { runAttack } from './attack.ts';
import { chooseCheckouts, chooseOne, withTraceparents, type NextRequest } from './choose-requests.ts';
import { deliverAttack } from './deliver.ts';
import { HttpTarget } from './http-target.ts';
import { constantArrival } from '../pace/pacer.ts';
import { describeLoad, loadSettings, pacerOf } from './load-settings.ts';
import { monotonicMs } from './monotonic-clock.ts';
import { parseAttackResult, type AttackResult } from './result.ts';
import { NO_ANSWER } from './shots.ts';

/**
 * A tenth of a second of stall at 5,000 requests/s. Each may need a connection of its own, and with 1024 of them the sender got
 * into a state in which most of what a request allocates outlived young collections, which took 10 ms instead of one (p99 of
 * its lateness 2.2 ms, with 512 0.3; Node 24.21, undici 7.30; why is not known).
 */
const IN_FLIGHT_MAX = 512;

const settings = {
  url: setting.text({
    default: '',
    allowed: 'an address such as http://127.0.0.1:8080/path',
    flag: 'url',
    description: 'GET this address; without it, checkouts at the gateway (GATEWAY_URL), drawn as shoppers draw them',
  }),
  ...loadSettings,
  warmUpS: setting.decimal({
    default: 2,
    min: 0,
    max: 3600,
    flag: 'warm-up-s',
    description: 'Seconds at --rate beforehand, not measured: a cold sender is late; 0 measures a cold target',
  }),
  clientRate: setting.decimal({
    default: NO_TRACEPARENT,
    min: NO_TRACEPARENT,
    max: 1,
    flag: 'client-rate',
    description:
      'Each request begins a trace here, this share of them sampled; -1 sends no traceparent, so the target decides',
  }),
  inFlightMax: setting.integer({
    default: IN_FLIGHT_MAX,
    min: 1,
    max: 65_535,
    flag: 'in-flight-max',
    description: 'Requests unanswered at one time; what is due beyond it is not sent, and said',
  }),
  timeoutS: setting.decimal({
    default: 10,
    min: 0.01,
    max: 3600,
    flag: 'timeout-s',
    description: 'Seconds without an answer, or without more of it, after which there is none',
  }),
  seed: seedSetting('Of all that is drawn'),
  out: setting.text({
    default: '',
    flag: 'out',
    description: 'Folder for the result; default .tracelab/attack/<time>',
  }),
  from: setting.text({ default: '', flag: 'from', description: 'Sends nothing: prints the report of a saved result' }),
};

type AttackSettings = SettingsOf<typeof settings>;

export const attack = defineVerb({
  name: 'attack',
  summary: 'Open-loop load: sends when the schedule says, and measures from the intended start',
  settings,
  examples: [
    'npm run lab -- attack --rate 20 --duration-s 30',
    'npm run lab -- attack --rate 10 --rate-to 200 --arrival poisson',
    'npm run lab -- attack --url http://127.0.0.1:8080/health --rate 500 --spike-rate 3000 --spike-after-s 10 --spike-s 2',
    'npm run lab -- attack --from .tracelab/attack/2026-11-28T08-03-16/attack.json',
  ],
  run: async ({ settings: given, output, shutdown }) => {
    if (given.from !== '')
      return deliverAttack(output, await readResultFile(given.from, parseAttackResult), given.from);
    makeResultFolder(given.out);
    const result = await measure(given, shutdown, output.progress);
    const folder = resultFolder(given.out, 'attack', result.startedAt);
    return deliverAttack(output, result, await writeResultFile(folder, 'attack.json', result));
  },
});

async function measure(given: AttackSettings, shutdown: Shutdown, say: (text: string) => void): Promise<AttackResult> {
  const seed = seedOf(given.seed);
  const random = seededRandom(seed);
  const url = given.url === '' ? new URL('/checkout', urlFor('gateway', process.env)) : readUrl(given.url);
  const pacer = pacerOf(given, seededRandom(seed + 1));
  const target = new HttpTarget({
    origin: url.origin,
    connections: given.inFlightMax,
    answerLimitMs: given.timeoutS * 1000,
  });
  const alarm = createAlarm();
  shutdown.onEnd('sender', async () => void (await Promise.all([target.close(), alarm.close()])));
  const next = await chooseRequests(given, url, random);
  await probe(target, next, url);
  const load = `${given.url === '' ? 'POST' : 'GET'} ${addressOf(url)}, ${describeLoad(given)}`;
  say(`${load}. Ctrl-C keeps what is measured.`);
  const machine = describeMachineAtStart();
  const common = {
    requestsMax: Infinity,
    inFlightMax: given.inFlightMax,
    send: () => target.send(next()),
    nowMs: monotonicMs,
    waitUntil: alarm.at,
    signal: shutdown.signal,
  };
  if (given.rate > 0)
    await runAttack({ ...common, pacer: constantArrival(given.rate), durationMs: given.warmUpS * 1000 });
  target.failures.clear();
  const startedAt = new Date().toISOString();
  const [cpuBefore, startMs] = [process.cpuUsage(), monotonicMs()];
  const shots = await runAttack({ ...common, pacer, durationMs: given.durationS * 1000 });
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    format: 'tracelab-attack',
    version: 1,
    startedAt,
    complete: !shutdown.signal.aborted,
    seed,
    machine,
    load,
    inFlightMax: given.inFlightMax,
    senderCores: (user + system) / 1000 / (monotonicMs() - startMs),
    failures: Object.fromEntries(target.failures),
    shots,
  };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`--url should be an address such as http://127.0.0.1:8080/path: was "${text}"`);
}

async function chooseRequests(given: AttackSettings, url: URL, random: () => number): Promise<NextRequest> {
  const next = given.url === '' ? await chooseCheckouts(url.origin, random) : chooseOne(url);
  return given.clientRate === NO_TRACEPARENT ? next : withTraceparents(next, given.clientRate, random);
}

/** One request before all others: nobody waits thirty seconds to learn that the address is wrong. */
async function probe(target: HttpTarget, next: NextRequest, url: URL): Promise<void> {
  if ((await target.send(next())) !== NO_ANSWER) return;
  const [reason] = [...target.failures.keys()];
  throw new NotHeldError(`nobody answers at ${addressOf(url)}: ${reason}`);
}

/** Without credentials: a result is shown around. */
function addressOf(url: URL): string {
  return `${url.origin}${url.pathname}${url.search}`;
}
