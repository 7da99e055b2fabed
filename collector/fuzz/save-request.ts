import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@tracelab/command';
import type { FuzzRequest } from './fuzz-request.ts';

/** Saves a request, its body in base64, with what is wrong about it; returns the file. */
export async function saveRequest(
  folder: string,
  request: FuzzRequest,
  about: { seed: number; why: string },
): Promise<string> {
  makeFolder(folder);
  const file = join(folder, `${request.index}-${request.kind}.json`);
  const { body, ...head } = request;
  const saved = { ...about, ...head, bodyBase64: Buffer.from(body).toString('base64') };
  await writeFile(file, `${JSON.stringify(saved, undefined, 2)}\n`);
  return file;
}
