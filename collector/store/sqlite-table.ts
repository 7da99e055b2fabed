import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeFolder, NotHeldError } from '@tracelab/command';
import type { DecidedTrace } from '../sample/decided-trace.ts';
import type { StoreAnswer, StoreRequest } from './sqlite-messages.ts';
import type { TraceQuery, TraceSearchResult } from './trace-store.ts';
import type { TraceTable, WriteOutcome } from './trace-table.ts';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** Opens the database in a worker thread. Throws a NotHeldError, one sentence, where that is not possible. */
export async function openSqliteTable(file: string): Promise<TraceTable> {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw cannotOpen(file, error instanceof Error ? error.message : String(error));
  }
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: { file } });
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  worker.once('error', reject);
  worker.once('message', (answer: StoreAnswer) => {
    if (answer.kind === 'failedToOpen') reject(cannotOpen(file, answer.message));
    else resolve();
  });
  await opened;
  worker.removeAllListeners('error');
  return new SqliteTable(worker);
}

function cannotOpen(file: string, reason: string): NotHeldError {
  return new NotHeldError(`the store cannot use ${file}: ${reason}; give another folder with --data or LAB_DATA_DIR`);
}

/** Asks the worker; every request has one answer. When the worker ends, so does every request. */
class SqliteTable implements TraceTable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (answer: StoreAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#end(new Error('the worker of the store has ended')));
  }

  async write(batch: readonly DecidedTrace[]): Promise<WriteOutcome> {
    try {
      return (await this.#ask({ method: 'write', batch })) as WriteOutcome;
    } catch (error) {
      return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async readParts(traceId: string): Promise<Uint8Array[]> {
    return (await this.#ask({ method: 'readParts', traceId })) as Uint8Array[];
  }

  async search(query: TraceQuery): Promise<TraceSearchResult> {
    return (await this.#ask({ method: 'search', query })) as TraceSearchResult;
  }

  async services(): Promise<string[]> {
    return (await this.#ask({ method: 'services' })) as string[];
  }

  async operations(service: string): Promise<string[]> {
    return (await this.#ask({ method: 'operations', service })) as string[];
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) await this.#ask({ method: 'close' });
    await this.#worker.terminate();
  }

  #ask(request: StoreRequest): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ id, request }, []);
    return promise;
  }

  #settle(answer: StoreAnswer): void {
    if (answer.kind !== 'answer' && answer.kind !== 'failure') return;
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'answer') waiting?.resolve(answer.value);
    else waiting?.reject(new Error(answer.message));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
