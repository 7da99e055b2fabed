/** Certificates from files, against real TLS servers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../config/read-settings.ts';
import type { Environment } from '../config/read-settings.ts';
import { pem, pemPath } from '../test-kit/certificates.ts';
import { ScriptedCollector } from '../test-kit/scripted-collector.ts';
import { createTransport } from './create-transport.ts';
import { readTlsFiles } from './tls-files.ts';
import type { SendOutcome } from './transport.ts';

const NONE = { certificate: '', clientKey: '', clientCertificate: '' };
const CLIENT = {
  OTEL_EXPORTER_OTLP_CLIENT_KEY: pemPath('client-key'),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pemPath('client'),
};
const AUTHORITY = { OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: pemPath('authority') };

describe('a collector behind TLS', () => {
  let open: ScriptedCollector;
  let mutual: ScriptedCollector;
  before(async () => {
    const tls = { key: pem('server-key'), cert: pem('server') };
    open = await ScriptedCollector.open(tls);
    mutual = await ScriptedCollector.open({ ...tls, ca: pem('authority'), requestCert: true });
  });
  after(() => Promise.all([open.close(), mutual.close()]));

  async function send(collector: ScriptedCollector, environment: Environment): Promise<SendOutcome> {
    const settings = readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...environment }, assert.fail);
    const transport = createTransport(settings, assert.fail);
    assert(transport !== undefined);
    const outcome = await transport.send(new Uint8Array(), 5000);
    transport.close();
    return outcome;
  }

  it('is not trusted without the certificate of its authority, and is with it', async () => {
    const refused = await send(open, {});
    assert(refused.kind === 'retryable' && /certificate/.test(refused.reason), JSON.stringify(refused));
    assert.equal((await send(open, AUTHORITY)).kind, 'delivered');
  });

  it('is shown our certificate where there is one', async () => {
    assert.equal((await send(mutual, AUTHORITY)).kind, 'retryable');
    assert.equal((await send(mutual, { ...AUTHORITY, ...CLIENT })).kind, 'delivered');
  });

  it('gets nothing where the key is not the certificate’s', async () => {
    const key = { OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: pemPath('server-key') };
    const outcome = await send(mutual, { ...AUTHORITY, ...CLIENT, ...key });
    assert(outcome.kind === 'refused' && /key/.test(outcome.reason), JSON.stringify(outcome));
  });
});

describe('reading certificates', () => {
  it('complains about a file that is missing or is no PEM, and goes on without it', () => {
    const warnings: string[] = [];
    const files = readTlsFiles(
      { ...NONE, certificate: '/nowhere/ca.pem', clientKey: fileURLToPath(import.meta.url) },
      (sentence) => warnings.push(sentence),
    );
    assert.deepEqual(files, {});
    assert.match(warnings[0] ?? '', /OTLP_CERTIFICATE should be a readable PEM file: ENOENT.*going on without it/);
    assert.match(warnings[1] ?? '', /OTLP_CLIENT_KEY should be .*tls-files.test.ts" holds no PEM/);
    assert.equal(warnings.length, 2);
  });

  it('uses neither key nor certificate where one is not set', () => {
    const warnings: string[] = [];
    const paths = { ...NONE, clientKey: pemPath('client-key') };
    assert.deepEqual(
      readTlsFiles(paths, (sentence) => warnings.push(sentence)),
      {},
    );
    assert.match(warnings.join(), /should be set together; using neither/);
  });
});
