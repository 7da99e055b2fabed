import { NotHeldError } from '@tracelab/command';
import type { ProcessReport } from '@tracelab/protocol';
import { keepAlive } from './keep-alive.ts';
import type { Keeper, KeeperHost, KeptProgram } from './keep-alive.ts';

/** Nothing of the lab needs this long to start; what does has hung. */
const START_LIMIT_MS = 60_000;

/** Runs the programs of the lab. They start all at once and are stopped stage by stage, the last stage first. */
export interface Supervisor {
  /** Resolves when all are ready; rejects with a NotHeldError that names the one that failed or hangs. */
  readonly ready: Promise<void>;
  describe: () => ProcessReport[];
  /** One closer for each stage, in the order of the stages: a caller that closes in reverse order stops the lab in order. */
  readonly stopStage: readonly (() => Promise<void>)[];
  stop: () => Promise<void>;
}

export function startSupervisor(stages: readonly (readonly KeptProgram[])[], host: KeeperHost): Supervisor {
  const keepers = stages.map((stage) => stage.map((program) => keepAlive(program, host)));
  const stopStage = keepers.map((stage) => async () => {
    await Promise.all(stage.map((keeper) => keeper.stop()));
  });
  return {
    ready: allReady(keepers.flat(), host),
    describe: () => keepers.flat().map((keeper) => keeper.describe()),
    stopStage,
    stop: async () => {
      for (const stop of stopStage.toReversed()) await stop();
    },
  };
}

async function allReady(keepers: readonly Keeper[], host: KeeperHost): Promise<void> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const cancel = host.after(START_LIMIT_MS, () => {
    const missing = keepers.map((keeper) => keeper.describe()).filter((report) => report.status !== 'ready');
    reject(
      new NotHeldError(
        `not ready after ${START_LIMIT_MS / 1_000} s: ${missing.map((report) => report.name).join(', ')}; see the logs`,
      ),
    );
  });
  try {
    await Promise.race([Promise.all(keepers.map((keeper) => keeper.firstReady)), expired]);
  } finally {
    cancel();
  }
}
