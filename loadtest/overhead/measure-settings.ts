import { setting, type SettingsOf } from '@tracelab/command';
import { seedSetting } from '../seed-setting.ts';
import type { WorkloadPlan } from './plan.ts';
import type { Regime } from './result.ts';

/** 0 takes what the preset says. */
const AUTOMATIC = 0;

/** The export delay is the services' own setting in the lab (architecture, "Defaults"). */
export const DEFAULT_REGIME: Regime = { connections: 8, exportDelayMs: 200 };

/** What can be said about a measurement of any comparison. */
export const measureSettings = {
  out: setting.text({
    default: '',
    flag: 'out',
    description: 'Folder for the result and its reports (Markdown, HTML); default .tracelab/<command>/<time>',
  }),
  from: setting.text({
    default: '',
    flag: 'from',
    description: 'Measures nothing: prints the table of a saved result; with --out it writes the reports anew',
  }),
  restarts: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 100,
    flag: 'restarts',
    description: 'Starts of all processes for each workload; 0 takes the preset’s',
  }),
  rounds: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 1000,
    flag: 'rounds',
    description: 'Rounds after each start; 0 takes as many as the preset’s time allows',
  }),
  blockMs: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 60_000,
    flag: 'block-ms',
    description: 'Load on one variant at a time; 0 takes the preset’s',
  }),
  warmUpMs: setting.integer({
    default: AUTOMATIC,
    min: 0,
    max: 600_000,
    flag: 'warm-up-ms',
    description: 'Load on each set after each start, not measured; 0 takes the preset’s',
  }),
  connections: setting.integer({
    default: DEFAULT_REGIME.connections,
    min: 1,
    max: 256,
    flag: 'connections',
    description: 'Connections of the closed loop',
  }),
  seed: seedSetting('Of the order of blocks'),
};

export type MeasureSettings = SettingsOf<typeof measureSettings>;

/** The preset, where the settings do not say otherwise. */
export function planFor(settings: MeasureSettings, preset: WorkloadPlan): WorkloadPlan {
  return {
    restarts: settings.restarts === AUTOMATIC ? preset.restarts : settings.restarts,
    warmUpMs: settings.warmUpMs === AUTOMATIC ? preset.warmUpMs : settings.warmUpMs,
    blockMs: settings.blockMs === AUTOMATIC ? preset.blockMs : settings.blockMs,
    budgetMs: preset.budgetMs,
    ...(preset.settleRounds === undefined ? {} : { settleRounds: preset.settleRounds }),
    ...(preset.openLoop === undefined ? {} : { openLoop: preset.openLoop }),
    ...(settings.rounds === AUTOMATIC ? {} : { rounds: settings.rounds }),
  };
}

export function regimeOf(settings: MeasureSettings): Regime {
  return { ...DEFAULT_REGIME, connections: settings.connections };
}
