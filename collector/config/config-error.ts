import { UsageError } from '@tracelab/command';

/** One sentence with the path of the key, what it was and what is possible. What is not supported is refused, never ignored. */
export function configError(path: string, problem: string): UsageError {
  return new UsageError(`the configuration's ${path === '' ? 'top level' : path} ${problem}`);
}
