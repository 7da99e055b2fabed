import { once } from 'node:events';
import { Agent, request as startRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { FuzzRequest } from './fuzz-request.ts';
import type { Answer } from './judge-answer.ts';

const SLOW_PARTS = 4;
const SLOW_PAUSE_MS = 20;
const ANSWER_LIMIT_MS = 60_000;

/** An answer; `aborted` where the request was meant to end early; a text says why there is none. */
export type Outcome = Answer | 'aborted' | { failure: string };

/** Sends requests of a campaign over a few kept connections. */
export class Sender {
  readonly #origin: string;
  readonly #agent: Agent;

  constructor(origin: string, connections: number) {
    this.#origin = origin;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  async send(request: FuzzRequest): Promise<Outcome> {
    const { method, path, headers, body, pace } = request;
    const outgoing = startRequest(new URL(this.#origin), {
      agent: this.#agent,
      method,
      path,
      headers: { ...headers, 'content-length': body.length },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const answered = answerTo(outgoing);
    if (pace === 'aborted') return abort(outgoing, { body, answered });
    if (pace === 'slow') await writeSlowly(outgoing, body);
    outgoing.end(pace === 'slow' ? undefined : body);
    return answered;
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function answerTo(outgoing: ClientRequest): Promise<Outcome> {
  try {
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    return {
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      retryAfter: response.headers['retry-after'],
      body: Buffer.concat(chunks),
    };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  } finally {
    // What goes wrong on the connection afterwards is nobody's.
    outgoing.on('error', () => {});
  }
}

async function writeSlowly(outgoing: ClientRequest, body: Uint8Array): Promise<void> {
  const partBytes = Math.ceil(body.length / SLOW_PARTS);
  for (let at = 0; at < body.length; at += partBytes) {
    outgoing.write(body.subarray(at, at + partBytes));
    await pause(SLOW_PAUSE_MS);
  }
}

/** Half of the body reaches the collector, then the connection is gone. */
async function abort(
  outgoing: ClientRequest,
  { body, answered }: { body: Uint8Array; answered: Promise<Outcome> },
): Promise<'aborted'> {
  const { promise: written, resolve } = Promise.withResolvers<void>();
  outgoing.write(body.subarray(0, body.length >> 1), () => resolve());
  await Promise.race([written, answered]);
  outgoing.destroy();
  await answered;
  return 'aborted';
}
