type StartTimer = (run: () => void, delayMs: number, isHolding: true) => () => void;

interface Waiter {
  batchesSettled: number;
  done: (isComplete: boolean) => void;
}

/** Those who wait for a flush, each with a time limit and a timer that keeps the process alive until then. */
export class FlushWaiters {
  readonly #startTimer: StartTimer;
  #waiters: Waiter[] = [];

  constructor(startTimer: StartTimer) {
    this.#startTimer = startTimer;
  }

  /** True when so many batches have been settled, false when the time is up first. */
  wait(batchesSettled: number, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        batchesSettled,
        done: (isComplete) => {
          cancel();
          this.#waiters = this.#waiters.filter((other) => other !== waiter);
          resolve(isComplete);
        },
      };
      const cancel = this.#startTimer(() => waiter.done(false), timeoutMs, true);
      this.#waiters.push(waiter);
    });
  }

  settled(batchesSettled: number): void {
    for (const waiter of this.#waiters) if (waiter.batchesSettled <= batchesSettled) waiter.done(true);
  }

  /** Nothing will be settled any more: nobody waits for his time to be up. */
  close(): void {
    for (const waiter of this.#waiters) waiter.done(false);
  }
}
