import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TailSamplingConfig } from '../config/collector-config.ts';
import { describePolicies, type PolicyDescription } from './describe-policies.ts';

const HASH_DIGITS = 16;

/** The policies in words, which the records of decisions refer to by hash: an older record is explained by the policies of its time. */
export interface PolicyBook {
  /** Of the policies that vote now. */
  configHash: string;
  /** Undefined where nobody has written them down. */
  find: (configHash: string) => Promise<PolicyDescription[] | undefined>;
}

/** One that knows the policies of now and no others. */
export function createPolicyBook(config: TailSamplingConfig): PolicyBook {
  const configHash = hashOf(config);
  const descriptions = describePolicies(config);
  return { configHash, find: (hash) => Promise.resolve(hash === configHash ? descriptions : undefined) };
}

/** A small file for each configuration that ever voted here. */
export async function openPolicyBook(folder: string, config: TailSamplingConfig): Promise<PolicyBook> {
  const configHash = hashOf(config);
  const fileOf = (hash: string): string => join(folder, `policies-${hash}.json`);
  const find = async (hash: string): Promise<PolicyDescription[] | undefined> => {
    const text = await readFile(fileOf(hash), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as PolicyDescription[]);
  };
  await mkdir(folder, { recursive: true });
  const draft = `${fileOf(configHash)}.${process.pid}`;
  await writeFile(draft, JSON.stringify(describePolicies(config)));
  await rename(draft, fileOf(configHash));
  return { configHash, find };
}

/** Equal for configurations that decide alike: over what was understood of it, not over the file's text. */
function hashOf({ isFirstMatchEnough, policies, semantics }: TailSamplingConfig): string {
  const text = JSON.stringify({ isFirstMatchEnough, policies, semantics });
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
}
