import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { PORTS } from '@tracelab/protocol';

/** Ports of loopback that were free a moment ago, all different: for sets of processes that must know each other's ports before they start. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (let index = 0; index < count; index++) {
      const server = createServer();
      servers.push(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map(close));
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server that listens has a port');
  return address.port;
}

function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  return promise;
}

/** A LAB_PORT_BASE whose every port of the address table was free a moment ago: for a whole lab beside another one. */
export async function freePortBase(): Promise<number> {
  // Labs that start at the same time begin to look at different places.
  for (let base = BASE_MIN + (process.pid % 300) * 100; base < BASE_MAX; base += 100) {
    const free = await Promise.all(Object.values(PORTS).map((row) => isPortFree(base + row.offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no hundred free ports between ${BASE_MIN} and ${BASE_MAX}`);
}

const BASE_MIN = 20_000;
const BASE_MAX = 60_000;

export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
