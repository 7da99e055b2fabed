import { setting, UsageError, type SettingsOf } from '@tracelab/command';
import { evenArrival, poissonArrival, type Pacer } from '../pace/pacer.ts';
import { constantRate, rampRate, spikeRate, type RateProfile } from '../pace/rate-profile.ts';
import type { Random } from '../target/random.ts';

const RATE_MAX = 100_000;
/** Not given: 0 is a rate too. */
const ABSENT = -1;

/** When requests start. */
export const loadSettings = {
  rate: setting.decimal({
    default: 50,
    min: 0,
    max: RATE_MAX,
    flag: 'rate',
    description: 'Requests a second; with --rate-to the rate at the start, with --spike-rate that of the calm',
  }),
  rateTo: setting.decimal({
    default: ABSENT,
    min: ABSENT,
    max: RATE_MAX,
    flag: 'rate-to',
    description: 'A ramp: the rate goes evenly to this one within the duration; -1 for none',
  }),
  spikeRate: setting.decimal({
    default: ABSENT,
    min: ABSENT,
    max: RATE_MAX,
    flag: 'spike-rate',
    description: 'A spike: the rate for --spike-s seconds after --spike-after-s; -1 for none',
  }),
  spikeAfterS: setting.decimal({
    default: 10,
    min: 0,
    max: 86_400,
    flag: 'spike-after-s',
    description: 'Seconds of calm before the spike',
  }),
  spikeS: setting.decimal({ default: 5, min: 0, max: 86_400, flag: 'spike-s', description: 'Seconds of the spike' }),
  arrival: setting.choice({
    choices: ['even', 'poisson'],
    default: 'even',
    flag: 'arrival',
    description: 'even: as evenly as the rate allows; poisson: as users who know nothing of each other',
  }),
  durationS: setting.decimal({
    default: 30,
    min: 0.1,
    max: 86_400,
    flag: 'duration-s',
    description: 'Seconds in which requests start',
  }),
};

export type LoadSettings = SettingsOf<typeof loadSettings>;

/** Throws a UsageError where ramp and spike are asked for together, or a rate is none. */
export function profileOf(settings: LoadSettings): RateProfile {
  const { rate, rateTo, spikeRate: spike, spikeAfterS, spikeS, durationS } = settings;
  if (rateTo !== ABSENT && spike !== ABSENT)
    throw new UsageError('--rate-to and --spike-rate should not be given together: a load is a ramp or has a spike');
  try {
    if (rateTo !== ABSENT) return rampRate(rate, rateTo, durationS * 1000);
    if (spike === ABSENT) return constantRate(rate);
    return spikeRate(rate, { rate: spike, afterMs: spikeAfterS * 1000, durationMs: spikeS * 1000 });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--rate: ${error.message}`, { cause: error });
    throw error;
  }
}

export function pacerOf(settings: LoadSettings, random: Random): Pacer {
  const profile = profileOf(settings);
  return settings.arrival === 'poisson' ? poissonArrival(profile, random) : evenArrival(profile);
}

/** "50 requests/s, then 500 for 5 s after 10 s, Poisson, 30 s" */
export function describeLoad(settings: LoadSettings): string {
  const { rate, rateTo, spikeRate: spike, spikeAfterS, spikeS, arrival, durationS } = settings;
  const course =
    rateTo !== ABSENT
      ? `${rate} to ${rateTo} requests/s`
      : spike !== ABSENT
        ? `${rate} requests/s, but ${spike} for ${spikeS} s after ${spikeAfterS} s`
        : `${rate} requests/s`;
  return `${course}, ${arrival === 'poisson' ? 'Poisson arrivals' : 'evenly spaced'}, ${durationS} s`;
}
