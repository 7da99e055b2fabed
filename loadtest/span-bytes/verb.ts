import { defineVerb, describeMachine, ExitCode, setting, type Shutdown } from '@tracelab/command';
import { seedSetting, seedOf } from '../seed-setting.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measuredOn } from '../report/measured-on.ts';
import { seededRandom } from '../seeded-random.ts';
import { drawAttributeTraces } from './attribute-traces.ts';
import { bytesOnDisk, figuresOf, type ShapeFigures } from './figures.ts';
import { recordCheckouts } from './record-checkouts.ts';
import type { Recording } from './recording.ts';
import { renderSpanBytes } from './report.ts';
import { storeTraces } from './store-traces.ts';

const settings = {
  traces: setting.integer({
    default: 1000,
    min: 10,
    max: 20_000,
    flag: 'traces',
    description: 'Of each shape; they are held in memory, about 15 MB for a thousand checkouts',
  }),
  seed: seedSetting('Of carts, ids and values'),
};

export const spanBytes = defineVerb({
  name: 'span-bytes',
  summary: 'How many bytes a span takes on the wire, plain and gzip, and on disk in the collector’s store',
  settings,
  examples: ['npm run bench:bytes', 'npm run -s bench:bytes -- --traces 5000 --json > bytes.json'],
  run: async ({ settings: given, output, shutdown }) => {
    const seed = seedOf(given.seed);
    const machine = describeMachine();
    const startedAt = new Date().toISOString();
    const folder = await mkdtemp(join(tmpdir(), 'tracelab-span-bytes-'));
    shutdown.onEnd('data folder of the copies', () => rm(folder, { recursive: true, force: true }));
    const measuring = { traces: given.traces, seed, folder, shutdown, say: output.progress };
    const measured = await measure(measuring);
    const complete = !shutdown.signal.aborted;
    output.result(
      { startedAt, complete, seed, machine, ...measured },
      [
        ...(complete ? [] : ['ENDED EARLY: this is what was measured until then.']),
        renderSpanBytes(measured),
        `${measuredOn({ machine, startedAt })}; seed ${seed}`,
      ].join('\n\n'),
    );
    return complete ? ExitCode.done : ExitCode.notHeld;
  },
});

interface Measuring {
  traces: number;
  seed: number;
  folder: string;
  shutdown: Shutdown;
  say: (text: string) => void;
}

/** Shape after shape; a request to end keeps those that are complete. */
async function measure(measuring: Measuring): Promise<{ shapes: ShapeFigures[]; emptyStoreBytes: number }> {
  const {
    folder,
    shutdown: { signal },
    say,
  } = measuring;
  const measured = { shapes: [] as ShapeFigures[], emptyStoreBytes: 0 };
  try {
    say('an empty store');
    measured.emptyStoreBytes = bytesOnDisk(
      await storeTraces({ requests: [], spans: 0 }, join(folder, 'empty'), signal),
    );
    for (const [index, record] of recordersOf(measuring).entries()) {
      const recording = await record();
      say(`${recording.title}: storing ${recording.spans} spans`);
      measured.shapes.push(figuresOf(recording, await storeTraces(recording, join(folder, `shape-${index}`), signal)));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return measured;
}

function recordersOf({ traces, seed, folder, shutdown: { signal }, say }: Measuring): (() => Promise<Recording>)[] {
  const checkouts = (tracer: 'lab' | 'otel', title: string) => (): Promise<Recording> => {
    say(`${title}: ${traces} checkouts`);
    return recordCheckouts({
      title,
      tracer,
      checkouts: traces,
      random: seededRandom(seed),
      dataFolder: folder,
      signal,
    });
  };
  const attributes = (values: 'random' | 'same') => async (): Promise<Recording> =>
    drawAttributeTraces({ values, traces, startUnixMs: Date.now(), random: seededRandom(seed) });
  return [
    checkouts('lab', 'checkout, lab’s tracer'),
    checkouts('otel', 'checkout, official SDK'),
    attributes('random'),
    attributes('same'),
  ];
}
