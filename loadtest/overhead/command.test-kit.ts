/** `overhead` as a user runs it, in a process of its own. */
import { startVerb, type Run } from '../command.test-kit.ts';

export function overhead(...args: string[]): Run {
  return startVerb(['overhead', ...args]);
}
