import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as https from 'node:https';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { announceRequests, doesNodeAnnounce } from './announce-requests.ts';

it('Node announces requests itself from 22.12 and 23.2 on', () => {
  const versions = ['20.0.0', '20.20.2', '22.11.0', '22.12.0', '23.1.0', '23.2.0', '24.0.0', '26.10.1'];
  assert.deepEqual(versions.filter(doesNodeAnnounce), ['22.12.0', '23.2.0', '24.0.0', '26.10.1']);
});

it('on an older Node each request is announced once, before its header is sent, for import and require', async () => {
  const server = http.createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { channel, stop } = announceRequests('20.20.2');
  const seen: http.ClientRequest[] = [];
  const note = (message: unknown) => {
    const { request } = message as { request: http.ClientRequest };
    assert.equal(request.headersSent, false);
    seen.push(request);
  };
  subscribe(channel, note);
  const required = createRequire(import.meta.url)('node:http') as typeof http;
  const makers = [http.get, http.request, required.get, required.request];
  await Promise.all(
    makers.map((make) => new Promise((resolve) => make({ port, host: '127.0.0.1', agent: false }, resolve).end())),
  );
  const refused = https.get({ port, host: '127.0.0.1' });
  await new Promise((resolve) => refused.on('error', resolve));
  assert.equal(seen.length, makers.length + 1);

  stop();
  await new Promise((resolve) => http.get({ port, host: '127.0.0.1', agent: false }, resolve));
  assert.equal(seen.length, makers.length + 1, 'taken out');
  unsubscribe(channel, note);
  server.closeAllConnections();
  server.close();
});
