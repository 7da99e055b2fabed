/**
 * Whoever asks while a round is under way shares the next one: it begins after the question, so that its answer is not
 * stale, and however many ask, never do two rounds run at once.
 */
export function shareRounds<Outcome>(run: () => Promise<Outcome>): () => Promise<Outcome> {
  let running: Promise<Outcome> | undefined;
  let next: Promise<Outcome> | undefined;
  const begin = (): Promise<Outcome> => {
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };
  const beginNext = (): Promise<Outcome> => {
    next = undefined;
    return running ?? begin();
  };
  return () => {
    if (running === undefined) return begin();
    next ??= running.then(beginNext, beginNext);
    return next;
  };
}
