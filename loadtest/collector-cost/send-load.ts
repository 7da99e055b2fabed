import { setTimeout as sleep } from 'node:timers/promises';
import { runAttack } from '../attack/attack.ts';
import { HttpTarget } from '../attack/http-target.ts';
import { monotonicMs } from '../attack/monotonic-clock.ts';
import { constantArrival } from '../pace/pacer.ts';
import { createBatch, type Batch } from '../otlp-load/batch.ts';
import { describeProcess, FIVE_SERVICES } from '../otlp-load/trace-shape.ts';

export interface Sent {
  spans: number;
  bytes: number;
  refusals: number;
  loadMs: number;
}

export interface SenderOptions {
  /** Of the collector's OTLP over HTTP. */
  url: string;
  signal: AbortSignal;
  /** The first of the generations of this load: nobody else may use one of the next 65,536. */
  generation: number;
}

/** Dapper's loads: a batch a second from each process, as a tracer flushes. */
const BATCH_MS = 1000;
/** As many as a tracer sends at once unless it is told otherwise. */
const SATURATING_SPANS = 512;
export const SATURATING_PROCESSES = 10;
const IN_FLIGHT_MAX = 1024;
const ANSWER_LIMIT_MS = 30_000;
/** After a refusal, so that a collector that is full is not kept busy with refusing. */
const REFUSED_PAUSE_MS = 50;

/** So many processes, each at its data rate, evenly spread over time, whether or not the collector keeps up. */
export async function sendAtRate(
  load: { processes: number; bytesPerSecond: number; durationMs: number },
  options: SenderOptions,
): Promise<Sent> {
  const traces = tracesForBytes((load.bytesPerSecond * BATCH_MS) / 1000, Date.now());
  const senders = createSenders(load.processes, traces, options);
  const batchBytes = senders.batches.reduce((sum, { bytes }) => sum + bytes, 0) / load.processes;
  let sent = 0;
  try {
    await runAttack({
      pacer: constantArrival((load.processes * load.bytesPerSecond) / batchBytes),
      requestsMax: Infinity,
      durationMs: load.durationMs,
      inFlightMax: IN_FLIGHT_MAX,
      send: () => senders.send(sent++ % load.processes),
      nowMs: monotonicMs,
      waitUntil: (timeMs) => sleep(Math.max(0, timeMs - monotonicMs())),
      signal: options.signal,
    });
    return { ...senders.sent, loadMs: load.durationMs };
  } finally {
    await senders.close();
  }
}

/** As much as the collector takes, for so long or until it has so many spans: the next batch when the last was answered. */
export async function sendSaturating(
  until: { durationMs: number; spansMax: number },
  options: SenderOptions,
): Promise<Sent> {
  const traces = SATURATING_SPANS / 2;
  const senders = createSenders(SATURATING_PROCESSES, traces, options);
  const startMs = monotonicMs();
  const isDone = (): boolean =>
    options.signal.aborted || monotonicMs() - startMs >= until.durationMs || senders.sent.spans >= until.spansMax;
  const run = async (process: number): Promise<void> => {
    while (!isDone()) {
      const status = await senders.send(process);
      if (status !== 200) await sleep(REFUSED_PAUSE_MS);
    }
  };
  try {
    await Promise.all(Array.from({ length: SATURATING_PROCESSES }, (_, process) => run(process)));
    return { ...senders.sent, loadMs: monotonicMs() - startMs };
  } finally {
    await senders.close();
  }
}

interface Senders {
  batches: readonly Batch[];
  /** So far; what is under way does not count. */
  sent: { spans: number; bytes: number; refusals: number };
  /** The next batch of this process. Resolves with the status of its answer. */
  send: (process: number) => Promise<number>;
  close: () => Promise<void>;
}

/** Each process has a connection of its own, as many as it has requests unanswered where the collector is slow. */
function createSenders(processes: number, traces: number, options: SenderOptions): Senders {
  const { url: origin, generation } = options;
  const nowUnixMs = Date.now();
  const all = Array.from({ length: processes }, (_, process) => ({
    batch: createBatch(describeProcess(FIVE_SERVICES, { process, traces, nowUnixMs })),
    target: new HttpTarget({ origin, connections: 4, answerLimitMs: ANSWER_LIMIT_MS }),
    batchesSent: 0,
  }));
  const sent = { spans: 0, bytes: 0, refusals: 0 };
  return {
    batches: all.map(({ batch }) => batch),
    sent,
    send: async (process) => {
      const sender = all[process];
      if (sender === undefined) throw new Error(`there are ${processes} processes: ${process} is none of them`);
      const body = sender.batch.body(generation + sender.batchesSent++);
      const status = await sender.target.send({ method: 'POST', path: '/v1/traces', headers: HEADERS, body });
      if (status === 200) {
        sent.spans += sender.batch.spans;
        sent.bytes += sender.batch.bytes;
      } else sent.refusals++;
      return status;
    },
    close: async () => void (await Promise.all(all.map(({ target }) => target.close()))),
  };
}

const HEADERS = { 'content-type': 'application/x-protobuf' } as const;

/** As many traces as make a body of about so many bytes, at least one. */
export function tracesForBytes(bytes: number, nowUnixMs: number): number {
  const bytesOf = (traces: number): number =>
    createBatch(describeProcess(FIVE_SERVICES, { process: 0, traces, nowUnixMs })).bytes;
  const perTrace = (bytesOf(11) - bytesOf(1)) / 10;
  return Math.max(1, 1 + Math.round((bytes - bytesOf(1)) / perTrace));
}
