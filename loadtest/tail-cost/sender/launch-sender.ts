import { launchProgram, NotHeldError, type LaunchedProgram } from '@tracelab/command';
import type { Shots } from '../../attack/shots.ts';
import type { SaturatingLoad, Sent, SteadyLoad } from './loads.ts';

/** The load process. Both resolve when the load is over, and reject where it could not be sent or the end was asked for. */
export interface LoadSender {
  saturate: (load: SaturatingLoad) => Promise<Sent>;
  sendSteadily: (load: SteadyLoad) => Promise<Sent & { shots: Shots }>;
}

/** Starts it, with no option of this process's shell; resolves when it has compressed what it will send. */
export async function launchSender(
  gzipRounds: number,
  of: { signal: AbortSignal; onStart: (program: LaunchedProgram) => void },
): Promise<LoadSender> {
  const program = launchProgram({
    name: 'sender',
    file: 'loadtest/tail-cost/sender/main.ts',
    args: ['--gzip-rounds', String(gzipRounds)],
    env: { NODE_OPTIONS: '' },
  });
  of.onStart(program);
  const { url = '' } = await program.ready;
  const post = async <Answer>(path: string, load: object): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(load),
      signal: of.signal,
    });
    if (!response.ok) throw new NotHeldError(`the load process refused a load: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return { saturate: (load) => post('/_saturate', load), sendSteadily: (load) => post('/_steady', load) };
}
