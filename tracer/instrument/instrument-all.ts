import { instrumentFastify } from './fastify.ts';
import { instrumentFetch } from './fetch.ts';
import { instrumentHttpClient } from './http-client.ts';
import { instrumentHttpServer } from './http-server.ts';
import type { Instrumentation, InstrumentationHost } from './instrumentation.ts';
import { instrumentPino } from './pino.ts';
import { instrumentSqlite } from './sqlite.ts';

const ALL: readonly Instrumentation[] = [
  instrumentHttpServer,
  instrumentFastify,
  instrumentFetch,
  instrumentHttpClient,
  instrumentSqlite,
  instrumentPino,
];

/** Puts every instrumentation in; returns what takes them all out. */
export function instrumentAll(host: InstrumentationHost): () => void {
  const takeOut = ALL.map((instrument) => instrument(host));
  return () => {
    for (const undo of takeOut) undo();
  };
}
