/** Started by the context section: what carries a context costs here, in nanoseconds of CPU, as JSON. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { median } from '@tracelab/model';
import type { ContextCosts, ContextMode } from './context-costs.ts';

const mode = process.argv[2] as ContextMode;
const BLOCKS = 15;
const OPERATIONS = 20_000;

let kept: unknown;
/** Every block starts outside of any context, whatever the one before has entered. */
const outside = AsyncLocalStorage.snapshot();
const operations = mode === 'without' ? withoutStorage() : withStorage();
const samples = new Map<string, number[]>();
// The first three blocks of each are for the compiler.
for (let block = -3; block < BLOCKS; block++) {
  for (const [name, run] of Object.entries(operations)) {
    const ns = await measure(run);
    if (block >= 0) samples.set(name, [...(samples.get(name) ?? []), ns]);
  }
}
const costs: ContextCosts = Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
process.stdout.write(kept === undefined ? '' : JSON.stringify(costs));

type Block = () => unknown;

/** In a process where no AsyncLocalStorage has ever been made. */
function withoutStorage(): Record<string, Block> {
  return { call: () => repeat(work), await: () => awaitOften() };
}

function withStorage(): Record<string, Block> {
  const storage = new AsyncLocalStorage<object>();
  const other = new AsyncLocalStorage<object>();
  const store = {};
  const run = (): unknown => storage.run(store, work);
  const enterWith = (): unknown => storage.enterWith(store);
  const getStore = (): unknown => storage.getStore();
  return {
    run: () => repeat(run),
    'run beside another storage': () => other.run(store, () => repeat(run)),
    enterWith: () => repeat(enterWith),
    getStore: () => storage.run(store, () => repeat(getStore)),
    'await, storage made': () => awaitOften(),
    'await, inside run': () => storage.run(store, awaitOften),
  };
}

async function measure(run: Block): Promise<number> {
  const before = process.cpuUsage();
  kept = await outside(run);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / OPERATIONS;
}

function repeat(operation: () => unknown): unknown {
  let last: unknown;
  for (let index = 0; index < OPERATIONS; index++) last = operation();
  return last ?? true;
}

async function awaitOften(): Promise<number> {
  let total = 0;
  for (let index = 0; index < OPERATIONS; index++) total += await answerLater();
  return total;
}

async function answerLater(): Promise<number> {
  return 1;
}

function work(): number {
  return 42;
}
