import { describeEnd, launchProgram, NotHeldError, type Shutdown, readResultFile } from '@tracelab/command';
import { shuffle } from '@tracelab/protocol';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAttackResult } from '../../attack/result.ts';
import { shotsFrom, type Shots } from '../../attack/shots.ts';
import { sampleK6 } from '../run/run-k6.ts';
import { seededRandom } from '../../seeded-random.ts';
import { SENDERS, type Sender, type SenderRun } from './result.ts';

const SCRIPT = fileURLToPath(new URL('../script/one-address.ts', import.meta.url));

export interface ComparisonPlan {
  binary: string;
  rounds: number;
  requestsPerSecond: number;
  durationS: number;
  warmUpS: number;
  delayMs: number;
  seed: number;
  shutdown: Shutdown;
  say: (text: string) => void;
}

/** One after the other against one server, until the end is asked for: the runs that were finished by then. */
export async function runComparison(plan: ComparisonPlan): Promise<SenderRun[]> {
  const random = seededRandom(plan.seed);
  const server = launchProgram({
    name: 'fixed-delay',
    file: 'loadtest/k6/comparison/fixed-delay.ts',
    args: ['--delay-ms', String(plan.delayMs)],
  });
  plan.shutdown.onEnd('fixed delay', async () => void (await server.stop()));
  const { url = '' } = await server.ready;
  const runs: SenderRun[] = [];
  for (let round = 1; round <= plan.rounds; round++)
    for (const sender of shuffle(SENDERS, { next: random })) {
      if (plan.shutdown.signal.aborted) return runs;
      plan.say(`round ${round} of ${plan.rounds}: ${sender}`);
      const shots = await SEND[sender](plan, `${url}/`);
      if (!plan.shutdown.signal.aborted) runs.push({ round, sender, shots });
    }
  return runs;
}

const SEND: Readonly<Record<Sender, (plan: ComparisonPlan, url: string) => Promise<Shots>>> = {
  attack: sendByAttack,
  k6: sendByK6,
};

/** As a user runs it: a process of its own, whose saved requests are read. */
async function sendByAttack(plan: ComparisonPlan, url: string): Promise<Shots> {
  const folder = await mkdtemp(join(tmpdir(), 'tracelab-comparison-'));
  try {
    const numbers = { rate: plan.requestsPerSecond, 'duration-s': plan.durationS, 'warm-up-s': plan.warmUpS };
    const flags = Object.entries({ url, out: folder, ...numbers }).flatMap(([flag, value]) => [
      `--${flag}`,
      String(value),
    ]);
    const sender = launchProgram({ name: 'attack', file: 'loadtest/main.ts', args: ['attack', ...flags] });
    const stop = (): void => void sender.stop();
    plan.shutdown.signal.addEventListener('abort', stop);
    const end = await sender.exited;
    plan.shutdown.signal.removeEventListener('abort', stop);
    // 1: it was late, which is no matter from the actual send on, or something failed, which the requests say.
    if (end.code !== 0 && end.code !== 1)
      throw new NotHeldError(`attack ended with ${describeEnd(end)}: ${end.lastLines}`);
    return (await readResultFile(join(folder, 'attack.json'), parseAttackResult)).shots;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** k6 has no warm-up: its load is longer by as much, and the beginning is cut off. */
async function sendByK6(plan: ComparisonPlan, url: string): Promise<Shots> {
  const { requestsPerSecond, durationS, warmUpS, delayMs } = plan;
  const variables = {
    URL: url,
    RATE: String(requestsPerSecond),
    DURATION: `${Math.round((warmUpS + durationS) * 1000)}ms`,
    USERS: String(usersOf(requestsPerSecond, delayMs)),
  };
  const { shots } = await sampleK6(
    {
      binary: plan.binary,
      script: SCRIPT,
      variables,
      printsToStdout: false,
      showsProgress: false,
      signal: plan.shutdown.signal,
    },
    ['load'],
  );
  return shotsFrom(shots, Math.round(requestsPerSecond * warmUpS));
}

/** Four times those that are busy at one time, and some: k6 must not drop iterations, and needs a user for each that waits. */
function usersOf(requestsPerSecond: number, delayMs: number): number {
  return Math.ceil((requestsPerSecond * delayMs * 4) / 1000) + 20;
}
