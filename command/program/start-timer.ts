/** Calls once, later, and holds no process that is done; returns what takes it back. */
export function startTimer(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
