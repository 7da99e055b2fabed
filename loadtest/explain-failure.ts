import { NotHeldError } from '@tracelab/command';

/** What was measured is saved and printed; this says why there is no more. */
export function explainFailure(failure: unknown, file: string): Error {
  if (!(failure instanceof NotHeldError)) return failure instanceof Error ? failure : new Error(String(failure));
  return new NotHeldError(`the run ended early, ${file} has what was measured until then: ${failure.message}`, {
    cause: failure,
  });
}
