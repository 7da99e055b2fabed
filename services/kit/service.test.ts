import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Route } from './route.ts';
import { createService } from './service.ts';

it('a service’s scopes have names: others show them, and else the first lines of their source', async () => {
  const options = { urlOf: () => '', controlToken: '', logLevel: 'silent', nowUnixMs: () => 0, random: () => 0.5 };
  const routes = (): Route[] => [{ method: 'GET', path: '/balance', handle: () => ({}) }];
  const server = createService({ name: 'bank', summary: '', routes }, options);
  const scopes = new Map<string, string>();
  server.addHook('onRoute', function (this: typeof server, route) {
    scopes.set(route.url, this.pluginName);
  });
  await server.ready();
  assert.equal(scopes.get('/_lab/state'), 'control');
  assert.equal(scopes.get('/balance'), 'business');
  await server.close();
});
