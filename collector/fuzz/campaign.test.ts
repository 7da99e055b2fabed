/** A short campaign of a fixed seed against a real collector process; `npm run fuzz:collector` is the long one. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { EMPTY_LEDGER } from '@tracelab/protocol';
import type { Ledger } from '@tracelab/protocol';
import { runCampaign, type CampaignOptions, type CampaignResult } from './campaign.ts';
import { BOUNDS, startCollectorUnderFuzz, type CollectorUnderFuzz } from './collector-under-fuzz.ts';
import { makeRequest } from './fuzz-request.ts';

const SEED = 20_261_128;
const DURATION_MS = 1000;
const folder = await mkdtemp(join(tmpdir(), 'tracelab-fuzz-'));
after(() => rm(folder, { recursive: true, force: true }));

/** One slice, unless the changes say more, against our collector, of which `spoil` may change what a campaign sees. */
async function run(
  changes: Partial<CampaignOptions>,
  spoil: (collector: CollectorUnderFuzz) => Partial<CollectorUnderFuzz> = () => ({}),
): Promise<CampaignResult> {
  const data = await mkdtemp(join(folder, 'collector-'));
  return runCampaign({
    seed: SEED,
    firstIndex: 0,
    durationMs: 0,
    outFolder: join(folder, 'harm'),
    start: async () => {
      const collector = await startCollectorUnderFuzz(data);
      return { ...collector, ...spoil(collector) };
    },
    nowMs: () => performance.now(),
    signal: new AbortController().signal,
    say: () => {},
    ...changes,
  });
}

describe('runCampaign', () => {
  it('finds nothing wrong with our collector', async () => {
    const result = await run({ durationMs: DURATION_MS });
    assert.deepEqual(result.failures, []);
    assert.ok(result.residentBytesMax < BOUNDS.residentBytesMax);
    for (const answer of ['200', '400', '413', '415', 'aborted']) assert.ok((result.answers[answer] ?? 0) > 0, answer);
    assert.ok(result.spansAcknowledged > 500);
  });

  it('finds the wrong answers of another receiver, and saves the requests that got them', async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { failures } = await run({ start: async () => carelessCollector(port) });
    server.close();
    assert.ok(failures.some(({ why }) => why.includes('should be answered 400: was 200')));
    const saved = JSON.parse(await readFile(failures[0]?.file ?? '', 'utf8')) as Record<string, unknown>;
    const again = makeRequest(Number(saved['seed']), Number(saved['index']), BOUNDS.bodyBytesMax);
    assert.equal(Buffer.from(again.body).toString('base64'), saved['bodyBase64']);
  });

  it('finds lost spans, a wrong count and a collector that grows', async () => {
    const { failures } = await run({}, (collector) => ({
      readTrace: async () => undefined,
      ledger: () => miscounted(collector),
      residentBytes: () => BOUNDS.residentBytesMax + 1,
    }));
    const whys = failures.map(({ why }) => why).join('\n');
    for (const why of [/spans were acknowledged, \d+ received/, /trace \w+ is gone/, /resident memory should stay/])
      assert.match(whys, why);
  });

  it('finds a collector that ended by itself', async () => {
    const { failures } = await run({}, (collector) => {
      void collector.stop();
      return {};
    });
    assert.match(failures.map(({ why }) => why).join('\n'), /the collector ended by itself with exit code 0/);
  });
});

const NOTHING_RECEIVED: Ledger = { sinceUnixMs: 0, ...EMPTY_LEDGER };

async function miscounted(collector: CollectorUnderFuzz): Promise<Ledger> {
  const ledger = await collector.ledger();
  return { ...ledger, received: ledger.received + 1 };
}

/** Takes everything and knows nothing of it. */
function carelessCollector(port: number): CollectorUnderFuzz {
  let end: string | undefined;
  return {
    otlpUrl: `http://127.0.0.1:${port}`,
    ended: () => end,
    residentBytes: () => undefined,
    ledger: async () => NOTHING_RECEIVED,
    readTrace: async () => undefined,
    stop: async () => {
      end = 'exit code 0';
      return { code: 0, signal: null, lastLines: '' };
    },
  };
}
