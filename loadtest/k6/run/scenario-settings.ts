import { setting, type SettingsOf } from '@tracelab/command';
import { SCENARIO_NAMES } from '../script/scenarios.ts';
import { NO_TRACEPARENT } from '../script/traceparents.ts';

/** Not given: the scenario's own. */
const SCENARIOS_OWN = 0;

/** Which load our k6 script sends. */
export const scenarioSettings = {
  scenario: setting.choice({
    choices: SCENARIO_NAMES,
    default: 'steady',
    flag: 'scenario',
    description: 'What to play; faults switches faults of the lab on and off again (LAB_CONTROL_URL)',
  }),
  rate: setting.integer({
    default: SCENARIOS_OWN,
    min: SCENARIOS_OWN,
    max: 10_000,
    flag: 'rate',
    description: 'Checkouts a second; 0 takes the scenario’s own',
  }),
  spikeRate: setting.integer({
    default: SCENARIOS_OWN,
    min: SCENARIOS_OWN,
    max: 10_000,
    flag: 'spike-rate',
    description: 'Of the spike alone; 0 takes five times the rate',
  }),
  duration: setting.text({
    default: '',
    allowed: 'like 30s or 2m',
    flag: 'duration',
    description: 'How long, in k6’s notation; without it the scenario’s own',
  }),
  clientRate: setting.decimal({
    default: 1,
    min: NO_TRACEPARENT,
    max: 1,
    flag: 'client-rate',
    description:
      'Each request begins a trace here, this share of them sampled; -1 sends no traceparent, so the target decides',
  }),
};

/** The script's variables, without those that it decides by itself. */
export function scenarioVariables(given: SettingsOf<typeof scenarioSettings>): Record<string, string> {
  return {
    SCENARIO: given.scenario,
    ...(given.rate === SCENARIOS_OWN ? {} : { RATE: String(given.rate) }),
    ...(given.spikeRate === SCENARIOS_OWN ? {} : { SPIKE_RATE: String(given.spikeRate) }),
    ...(given.duration === '' ? {} : { DURATION: given.duration }),
    CLIENT_RATE: String(given.clientRate),
  };
}
