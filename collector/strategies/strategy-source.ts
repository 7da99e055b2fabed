import { readFile, stat } from 'node:fs/promises';
import { UsageError } from '@tracelab/command';
import { parseStrategies, SAMPLE_EVERYTHING, type Strategies, type StrategyReply } from './parse-strategies.ts';

export interface StrategySource {
  strategyFor: (service: string) => Promise<StrategyReply>;
}

export interface StrategySourceEffects {
  /** Monotonic. */
  nowMs: () => number;
  report: (message: string) => void;
}

/** How often it is looked whether the file changed, at most: somebody must ask for it. */
const LOOK_INTERVAL_MS = 1000;
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Without a file everything is sampled. Throws a UsageError where the file cannot be used. */
export async function openStrategySource(file: string, effects: StrategySourceEffects): Promise<StrategySource> {
  if (file === '') return { strategyFor: (service) => Promise.resolve(choose(SAMPLE_EVERYTHING, service)) };
  const version = await versionOf(file);
  return new StrategyFile(file, effects, { version, strategies: await load(file) });
}

/** Strategies from a file that is read again when it changed. A broken file is said once, and the last good strategies stay. */
class StrategyFile implements StrategySource {
  readonly #file: string;
  readonly #effects: StrategySourceEffects;
  #strategies: Strategies;
  #version: string;
  #lookedMs: number;
  #failure: string | undefined;

  constructor(file: string, effects: StrategySourceEffects, loaded: { version: string; strategies: Strategies }) {
    this.#file = file;
    this.#effects = effects;
    this.#strategies = loaded.strategies;
    this.#version = loaded.version;
    this.#lookedMs = effects.nowMs();
  }

  async strategyFor(service: string): Promise<StrategyReply> {
    const nowMs = this.#effects.nowMs();
    if (nowMs - this.#lookedMs >= LOOK_INTERVAL_MS) {
      this.#lookedMs = nowMs;
      await this.#look();
    }
    return choose(this.#strategies, service);
  }

  async #look(): Promise<void> {
    try {
      const version = await versionOf(this.#file);
      if (version === this.#version) return;
      this.#version = version;
      this.#strategies = await load(this.#file);
      this.#failure = undefined;
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== this.#failure) this.#effects.report(`the sampling strategies stay as they were: ${failure}`);
      this.#failure = failure;
    }
  }
}

function choose({ byDefault, byService }: Strategies, service: string): StrategyReply {
  return byService.get(service) ?? byDefault;
}

/** Another one after every change: two writes within a millisecond may still differ in size or, where the file was replaced, in inode. */
async function versionOf(file: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(file).catch((error: unknown) => refuseFile(file, error));
  if (size > FILE_BYTES_MAX) throw refusal(file, `should have at most ${FILE_BYTES_MAX} bytes: has ${size}`);
  return `${mtimeMs} ${size} ${ino}`;
}

async function load(file: string): Promise<Strategies> {
  try {
    return parseStrategies(await readFile(file, 'utf8'));
  } catch (error) {
    return refuseFile(file, error);
  }
}

function refuseFile(file: string, error: unknown): never {
  throw refusal(file, `cannot be used: ${error instanceof Error ? error.message : String(error)}`);
}

function refusal(file: string, problem: string): UsageError {
  return new UsageError(`--sampling-strategies ${file} ${problem}`);
}
