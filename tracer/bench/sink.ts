import { launchProgram, NotHeldError } from '@tracelab/command';

/** The load test's receiver in a process of its own: counts the spans that really arrive. */
export interface Sink {
  readonly url: string;
  /** Spans since it was asked last. */
  spans: () => Promise<number>;
  stop: () => Promise<unknown>;
}

export async function startSink(): Promise<Sink> {
  const program = launchProgram({ name: 'sink', file: 'loadtest/sink/main.ts' });
  const { url } = await program.ready;
  if (url === undefined) throw new NotHeldError('the sink should say where it listens: it did not');
  return { url, spans: () => endPeriod(url), stop: () => program.stop() };
}

async function endPeriod(url: string): Promise<number> {
  const reply = await fetch(`${url}/_sink/period`, { method: 'POST' });
  const { spans } = (await reply.json()) as { spans: number };
  return spans;
}
