import { batch, signal } from '@preact/signals';
import type { ExplainReply } from '@tracelab/protocol';
import { explainTrace } from '../data/query-api.ts';
import type { QueryProblem } from '../data/query-api.ts';
import { createRefreshLoop } from '../data/refresh-loop.ts';

const RETRY_MS = 2_000;

/** Why one trace was kept or dropped: asks until the collector has decided, since even an unknown trace may be on its way. */
export class ExplainSession {
  readonly traceId: string;
  readonly reply = signal<ExplainReply | undefined>(undefined);
  readonly problem = signal<QueryProblem | undefined>(undefined);
  readonly #loop = createRefreshLoop((aborted) => this.#ask(aborted));

  constructor(traceId: string) {
    this.traceId = traceId;
  }

  /** Starts asking; the returned function ends it. */
  start(): () => void {
    this.#loop.now();
    return () => this.#loop.stop();
  }

  reload(): void {
    this.#loop.now();
  }

  async #ask(aborted: AbortSignal): Promise<void> {
    const asked = await explainTrace(this.traceId, aborted);
    if (!asked.ok && asked.error.kind === 'aborted') return;
    batch(() => {
      this.reply.value = asked.ok ? asked.value : undefined;
      this.problem.value = asked.ok ? undefined : asked.error;
    });
    const isSettled = asked.ok ? asked.value.explanation !== undefined : asked.error.kind === 'refused';
    if (!isSettled) setTimeout(() => this.#loop.soon(0), RETRY_MS);
  }
}
