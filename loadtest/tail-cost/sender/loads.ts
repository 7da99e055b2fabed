import { setTimeout as sleep } from 'node:timers/promises';
import { runAttack } from '../../attack/attack.ts';
import { HttpTarget } from '../../attack/http-target.ts';
import { monotonicMs } from '../../attack/monotonic-clock.ts';
import type { Shots } from '../../attack/shots.ts';
import { isSuccess } from '../../measure/shots-summary.ts';
import { constantArrival } from '../../pace/pacer.ts';
import { SPANS_PER_REQUEST, type Encoding, type Traffic } from './traffic.ts';

export interface SaturatingLoad {
  /** Of the collector's OTLP over HTTP. */
  url: string;
  encoding: Encoding;
  durationMs: number;
}

export interface SteadyLoad {
  url: string;
  spansPerSecond: number;
  durationMs: number;
}

export interface Sent {
  /** Answered with 2xx. */
  spans: number;
  /** The same before compression, and as they crossed the wire. */
  bytes: number;
  wireBytes: number;
  /** Requests answered otherwise, or not at all. */
  refusals: number;
  /** From the first request to the last answer. */
  loadMs: number;
  /** CPU of the sender over that time: near 1 it is at its end, and the collector was not saturated. */
  senderCores: number;
}

/** One for each service, and one more. */
const SATURATING_CONNECTIONS = 8;
const IN_FLIGHT_MAX = 256;
const ANSWER_LIMIT_MS = 30_000;
/** After a refusal, so that a collector that is full is not kept busy with refusing. */
const REFUSED_PAUSE_MS = 50;

/** As much as the collector takes, over a few connections: on each the next request when the last was answered. */
export async function saturate(traffic: Traffic, { url, encoding, durationMs }: SaturatingLoad): Promise<Sent> {
  const sender = createSender(traffic, { url, encoding, connections: SATURATING_CONNECTIONS });
  const startMs = monotonicMs();
  const run = async (): Promise<void> => {
    while (monotonicMs() - startMs < durationMs) if (!isSuccess(await sender.send())) await sleep(REFUSED_PAUSE_MS);
  };
  try {
    await Promise.all(Array.from({ length: SATURATING_CONNECTIONS }, run));
    return sender.sent();
  } finally {
    await sender.close();
  }
}

/** So many spans a second, whether or not the collector keeps up, and every request with its answer time from its intended start. */
export async function sendSteadily(
  traffic: Traffic,
  { url, spansPerSecond, durationMs }: SteadyLoad,
  waitUntil: (timeMs: number) => Promise<void>,
): Promise<Sent & { shots: Shots }> {
  const sender = createSender(traffic, { url, encoding: 'plain', connections: IN_FLIGHT_MAX });
  try {
    const shots = await runAttack({
      pacer: constantArrival(spansPerSecond / SPANS_PER_REQUEST),
      requestsMax: Infinity,
      durationMs,
      inFlightMax: IN_FLIGHT_MAX,
      send: sender.send,
      nowMs: monotonicMs,
      waitUntil,
      signal: new AbortController().signal,
    });
    return { ...sender.sent(), shots };
  } finally {
    await sender.close();
  }
}

interface Sender {
  /** The next request; resolves with the status of its answer. */
  send: () => Promise<number>;
  /** Since it was created. */
  sent: () => Sent;
  close: () => Promise<void>;
}

function createSender(traffic: Traffic, of: { url: string; encoding: Encoding; connections: number }): Sender {
  const target = new HttpTarget({ origin: of.url, connections: of.connections, answerLimitMs: ANSWER_LIMIT_MS });
  const next = traffic(of.encoding);
  const [startMs, cpuBefore] = [monotonicMs(), process.cpuUsage()];
  const counts = { spans: 0, bytes: 0, wireBytes: 0, refusals: 0 };
  return {
    send: async () => {
      const { body, headers, spans, bytes } = next();
      const status = await target.send({ method: 'POST', path: '/v1/traces', headers, body });
      if (isSuccess(status)) {
        counts.spans += spans;
        counts.bytes += bytes;
        counts.wireBytes += body.length;
      } else counts.refusals++;
      return status;
    },
    sent: () => {
      const loadMs = monotonicMs() - startMs;
      const { user, system } = process.cpuUsage(cpuBefore);
      return { ...counts, loadMs, senderCores: (user + system) / 1000 / loadMs };
    },
    close: () => target.close(),
  };
}
