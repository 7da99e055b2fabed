import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { ApiError } from '@tracelab/command';
import type { FastifyInstance } from 'fastify';

/** Addresses of the viewer's pages: one file answers them all, the viewer reads the address. */
const PAGES = ['/', '/search', '/trace/:id', '/explain/:id'] as const;

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Tracelab</title>
<h1>The viewer is not built</h1>
<p>Run <code>npm run build:viewer</code> and reload. The API works: <a href="/api/lab/traces">/api/lab/traces</a>,
<a href="/api/lab/openapi.json">/api/lab/openapi.json</a>.</p>`;

/** Serves the built viewer. Whether it is built is asked at each page, so that building it needs no restart. */
export async function addViewer(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, { root: folder, serve: false, suppressWarning: true });
  for (const page of PAGES) {
    server.get(page, (_request, reply) => {
      if (!existsSync(join(folder, 'index.html')))
        return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
      return reply.header('cache-control', 'no-cache').sendFile('index.html');
    });
  }
  // Built files carry a hash of their content in their name.
  server.get<{ Params: { '*': string } }>('/assets/*', (request, reply) => {
    const name = `assets/${request.params['*']}`;
    if (name.includes('..') || !existsSync(join(folder, name)))
      throw new ApiError('not_found', `the viewer has no ${name}`);
    return reply.sendFile(name, { maxAge: '1y', immutable: true });
  });
}
