import { once } from 'node:events';
import { createServer } from 'node:net';
import { describeBusyPort, NotHeldError } from '@tracelab/command';

export interface WantedPort {
  port: number;
  variable: string;
  what: string;
}

/** Throws one clear sentence where ports of the lab are taken, before anything is started. */
export async function requireFreePorts(host: string, wanted: readonly WantedPort[]): Promise<void> {
  requireDifferent(wanted);
  const failures = await Promise.all(wanted.map((port) => tryPort(host, port)));
  const busy = failures.filter((failure) => failure !== undefined);
  const [first, ...others] = busy;
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` (and ${others.map(({ port, what }) => `${port}, ${what}`).join('; ')})`;
  throw new NotHeldError(await describeBusyPort(first, more));
}

/** Two of ours on one port would blame each other for holding it. */
function requireDifferent(wanted: readonly WantedPort[]): void {
  for (const [index, { port, what, variable }] of wanted.entries()) {
    const other = wanted.slice(0, index).find((earlier) => earlier.port === port && port !== 0);
    if (other === undefined) continue;
    throw new NotHeldError(
      `port ${port} is set for both ${other.what} (${other.variable}) and ${what} (${variable}): move one of them`,
    );
  }
}

/** The port again where it is taken. */
async function tryPort(host: string, wanted: WantedPort): Promise<WantedPort | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port: wanted.port });
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return wanted;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new NotHeldError(`${host} is no address of this machine: set LAB_HOST to one, such as 127.0.0.1`, {
        cause: error,
      });
    throw new NotHeldError(
      `port ${wanted.port} (${wanted.what}) cannot be used (${code}): move it with ${wanted.variable}`,
      { cause: error },
    );
  }
  server.close();
  await once(server, 'close');
  return undefined;
}
