import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { readService, type Service } from './read-service.ts';
import type { ServiceSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-read-service-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'variants.yaml');
writeFileSync(file, 'variants:\n  - name: plain\n');

const NOTHING: ServiceSettings = {
  command: '',
  url: '',
  variants: '',
  method: 'GET',
  header: [],
  body: '',
  readyS: 30,
};
const WHOLE: ServiceSettings = { ...NOTHING, command: 'serve', url: 'http://127.0.0.1:$PORT/', variants: file };

async function read(settings: Partial<ServiceSettings>): Promise<Service> {
  const service = await readService({ ...WHOLE, ...settings });
  assert.ok(service !== undefined);
  return service;
}

function refused(settings: Partial<ServiceSettings>, message: RegExp): Promise<void> {
  return assert.rejects(read(settings), (error) => error instanceof UsageError && message.test(error.message));
}

describe('readService', { skip: process.platform === 'win32' && 'is refused on Windows' }, () => {
  it('is nothing where nothing is named, and says which of the three is missing', async () => {
    assert.equal(await readService(NOTHING), undefined);
    await refused({ url: '' }, /^--command, --url and --variants belong together: --url is missing$/);
    await refused({ url: '', command: '' }, /: --command and --url is missing$/);
    await assert.rejects(readService({ ...NOTHING, method: 'POST' }), /are of a service of yours: give --command/);
  });

  it('takes $PORT, also in braces, for a port of each set, and a number for the only one', async () => {
    for (const url of ['http://127.0.0.1:$PORT/a?b=c', 'http://127.0.0.1:${PORT}/a?b=c']) {
      const { fixedPort, hostname, request, address } = await read({ url });
      assert.deepEqual([fixedPort, hostname, request.path], [undefined, '127.0.0.1', '/a?b=c']);
      assert.equal(address, 'GET http://127.0.0.1:$PORT/a');
    }
    assert.equal((await read({ url: 'http://localhost:8080/' })).fixedPort, 8080);
  });

  it('refuses an address without a port, of another machine, or with $PORT elsewhere', async () => {
    await refused({ url: 'http://127.0.0.1:/' }, /^--url should name the port, such as 'http:/);
    await refused({ url: 'http://127.0.0.1:8080/$PORT' }, /^--url should name the port/);
    await refused({ url: 'http://example.org:80/' }, /^--url should be of this machine \(127\.0\.0\.1, localhost/);
    await refused({ url: 'https://127.0.0.1:1/' }, /^--url should be an address such as/);
  });

  it('makes the request: method, headers, and a body as text or from a file', async () => {
    writeFileSync(join(folder, 'body.json'), '{"a":1}');
    const header = ['content-type: application/json', 'x-empty:'];
    const { request } = await read({ method: 'POST', header, body: `@${join(folder, 'body.json')}` });
    const headers = { 'content-type': 'application/json', 'x-empty': '' };
    assert.deepEqual(request, { method: 'POST', path: '/', headers, body: '{"a":1}' });
    await refused({ body: 'x' }, /^--body should not be given with GET: add --method POST$/);
    await refused({ method: 'PUT', body: '@nowhere' }, /^--body @nowhere cannot be read: ENOENT/);
    await assert.rejects(read({ header: ['authorization secret'] }), (error: Error) => !/secret/.test(error.message));
  });

  it('names the file of variants in a refusal', async () => {
    await refused({ variants: join(folder, 'none.yaml') }, /none\.yaml cannot be read: ENOENT/);
    writeFileSync(join(folder, 'bad.yaml'), 'variants: []');
    await refused({ variants: join(folder, 'bad.yaml') }, /bad\.yaml "variants" should be a list of 1 to 12/);
  });
});
