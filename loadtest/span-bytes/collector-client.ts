import { NotHeldError } from '@tracelab/command';
import { decodeExportResponse, type Ledger } from '@tracelab/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { requestJson } from '../request-json.ts';

/** A collector that is full says when to come again; this often in a row it is not full but broken. */
const REFUSALS_MAX = 60;
/** Nothing more was stored for so long: it will not be. The collector decides a trace after ten seconds at the latest. */
const STANDSTILL_MS = 30_000;
const LOOK_MS = 50;

/** One OTLP request, sent again as often as the collector is full. Throws a NotHeldError unless every span was accepted. */
export async function sendSpans(url: string, body: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let refusals = 0; refusals < REFUSALS_MAX; refusals++) {
    signal.throwIfAborted();
    const reply = await request(url, { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body });
    const answer = new Uint8Array(await reply.body.arrayBuffer());
    if (reply.statusCode === 200) return checkAccepted(answer);
    if (reply.statusCode !== 503) throw new NotHeldError(`the collector answered ${reply.statusCode}: should be 200`);
    await sleep(Number(reply.headers['retry-after'] ?? 1) * 1000, undefined, { signal });
  }
  throw new NotHeldError(`the collector was full ${REFUSALS_MAX} times in a row`);
}

function checkAccepted(answer: Uint8Array): void {
  const response = decodeExportResponse(answer);
  if (response.ok && response.value.rejectedSpans === 0) return;
  const reason = response.ok ? response.value.errorMessage : response.error;
  throw new NotHeldError(`the collector should take every span: ${reason}`);
}

/** Until the collector's ledger says that so many spans are stored. Throws a NotHeldError where it no longer grows. */
export async function untilStored(
  queryUrl: string,
  spans: number,
  { signal, standstillMs = STANDSTILL_MS }: { signal: AbortSignal; standstillMs?: number },
): Promise<void> {
  let stored = 0;
  let lastProgressMs = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const ledger = (await requestJson('GET', `${queryUrl}/api/lab/ledger`)) as Ledger;
    if (ledger.stored >= spans) return;
    if (ledger.stored > stored) lastProgressMs = performance.now();
    stored = ledger.stored;
    if (performance.now() - lastProgressMs > standstillMs)
      throw new NotHeldError(`${stored} of ${spans} spans were stored, and no more: ${JSON.stringify(ledger)}`);
    await sleep(LOOK_MS, undefined, { signal });
  }
}
