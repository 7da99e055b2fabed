/** What a program tells its caller: 0 done, 1 it did not hold, 2 called wrongly. */
export const ExitCode = { done: 0, notHeld: 1, usage: 2 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The program was called wrongly: its message says what was got and what is allowed. Exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What was asked for did not come true, and not through a defect of ours: one sentence and no stack. Exit code 1. */
export class NotHeldError extends Error {
  override name = 'NotHeldError';
}
