import type { ListenAt, ProgramContext } from '@tracelab/command';
import { announceReady, listen } from '@tracelab/command';
import type { FastifyInstance } from 'fastify';

/** Requests in flight may finish for this long after the request to end; it lies below the supervisor's patience of 5 s. */
const FINISH_LIMIT_MS = 3000;

/** Serves until the process is asked to end; then takes no new request and lets those in flight finish, within the limit. */
export async function listenUntilEnd(
  server: FastifyInstance,
  at: ListenAt,
  { shutdown }: Pick<ProgramContext<unknown>, 'shutdown'>,
): Promise<void> {
  const { url } = await listen(server, at);
  shutdown.onEnd(at.what, () => closeWithin(server, FINISH_LIMIT_MS));
  server.log.info({ url }, `${at.what} is ready`);
  announceReady({ url });
  await shutdown.untilRequested();
}

/** Closes a server; connections that are still busy after the limit are destroyed. */
export async function closeWithin(server: FastifyInstance, limitMs: number): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), limitMs);
  try {
    await server.close();
  } finally {
    clearTimeout(timer);
  }
}
