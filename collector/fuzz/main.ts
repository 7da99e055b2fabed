import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dataFolder, ExitCode, runProgram, setting } from '@tracelab/command';
import { runCampaign, type CampaignResult } from './campaign.ts';
import { startCollectorUnderFuzz } from './collector-under-fuzz.ts';

const SEED_DRAWN = 0;
const MEBIBYTE = 1024 * 1024;

await runProgram({
  name: 'fuzz:collector',
  summary:
    'Garbage among valid requests for a collector process of its own: nothing may be lost, answered wrongly or grow',
  settings: {
    seconds: setting.integer({
      default: 60,
      min: 1,
      max: 7 * 24 * 3600,
      flag: 'seconds',
      description: 'how long requests are sent; reading everything again comes on top',
    }),
    seed: setting.integer({
      default: SEED_DRAWN,
      min: SEED_DRAWN,
      max: 2 ** 31 - 1,
      flag: 'seed',
      description: 'Of all requests: the same one repeats them; 0 draws one',
    }),
    first: setting.integer({
      default: 0,
      min: 0,
      max: 2 ** 31 - 1,
      flag: 'first',
      description: 'Which request of the seed to begin with: one slice before a failure repeats it quickly',
    }),
    out: setting.text({
      default: '',
      flag: 'out',
      description: 'Folder for requests that did harm; default .tracelab/fuzz/<seed>',
    }),
  },
  examples: ['npm run fuzz:collector -- --seconds 600', 'npm run fuzz:collector -- --seed 7 --first 4200 --seconds 1'],
  run: async ({ settings, output, shutdown }) => {
    const seed = settings.seed === SEED_DRAWN ? randomInt(1, 2 ** 31) : settings.seed;
    const outFolder = resolve(settings.out === '' ? join(dataFolder(process.env), 'fuzz', String(seed)) : settings.out);
    const folder = await mkdtemp(join(tmpdir(), 'tracelab-fuzz-'));
    output.progress(`seed ${seed}`);
    const result = await runCampaign({
      seed,
      firstIndex: settings.first,
      durationMs: settings.seconds * 1000,
      outFolder,
      start: () => startCollectorUnderFuzz(folder),
      nowMs: () => performance.now(),
      signal: shutdown.signal,
      say: output.progress,
    });
    const held = result.failures.length === 0;
    if (held) await rm(folder, { recursive: true, force: true });
    output.result({ ...result, ...(held ? {} : { folder }) }, describe(result, folder));
    return held && !shutdown.signal.aborted ? ExitCode.done : ExitCode.notHeld;
  },
});

function describe(result: CampaignResult, folder: string): string {
  const answers = Object.entries(result.answers).map(([answer, count]) => `${answer}: ${count}`);
  const resident = `${Math.round(result.residentBytesMax / MEBIBYTE)} MiB`;
  const lines = [
    `seed ${result.seed}, ${result.requests} requests from ${result.firstIndex} on, answers ${answers.join(', ')}`,
    `${result.spansAcknowledged} spans of ${result.tracesAcknowledged} traces acknowledged; at most ${resident} resident`,
  ];
  if (result.failures.length === 0) return [...lines, 'every answer was right and nothing was lost'].join('\n');
  const failures = result.failures.map(
    ({ why, file }) => `- ${why}${file === undefined ? '' : `\n  saved as ${file}`}`,
  );
  return [...lines, ...failures, `the collector's state and log: ${folder}`].join('\n');
}
