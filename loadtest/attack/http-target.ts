import { Pool } from 'undici';
import { NO_ANSWER } from './shots.ts';

export const TARGET_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type TargetMethod = (typeof TARGET_METHODS)[number];

export interface TargetRequest {
  method: TargetMethod;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

export interface HttpTargetOptions {
  origin: string;
  /** At least as many as may be in flight: a request that waits here for a connection would be this sender's delay. */
  connections: number;
  /** From the send to the headers, and between two pieces of the body. */
  answerLimitMs: number;
}

/** Different reasons are few; a server that invents them fills one line. */
const REASONS_MAX = 20;
const OTHER_REASONS = 'other reasons';

/** An HTTP/1.1 server under load, over kept connections. */
export class HttpTarget {
  readonly #pool: Pool;
  /** Why requests got no answer, and how many. */
  readonly failures = new Map<string, number>();

  constructor({ origin, connections, answerLimitMs }: HttpTargetOptions) {
    this.#pool = new Pool(origin, {
      connections,
      connectTimeout: answerLimitMs,
      headersTimeout: answerLimitMs,
      bodyTimeout: answerLimitMs,
    });
  }

  /** The status when the whole answer was read, or NO_ANSWER, whose reason is counted. Never rejects. */
  async send(request: TargetRequest): Promise<number> {
    try {
      const { statusCode, body } = await this.#pool.request(request);
      await body.dump({ limit: Number.MAX_SAFE_INTEGER });
      return statusCode;
    } catch (cause) {
      this.#noteFailure(reasonOf(cause));
      return NO_ANSWER;
    }
  }

  /** Cuts what is under way. */
  close(): Promise<void> {
    return this.#pool.destroy();
  }

  #noteFailure(reason: string): void {
    const isKnown = this.failures.has(reason) || this.failures.size < REASONS_MAX;
    const counted = isKnown ? reason : OTHER_REASONS;
    this.failures.set(counted, (this.failures.get(counted) ?? 0) + 1);
  }
}

/** A code where there is one: it is the same for all requests that failed alike, a message may name a port. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
