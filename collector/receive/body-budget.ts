/** How many bytes of request bodies may be in memory at once, over all connections; beyond it a request is answered 503. */
export class BodyBudget {
  readonly #bytesMax: number;
  #bytesTaken = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytesTaken(): number {
    return this.#bytesTaken;
  }

  take(byteCount: number): boolean {
    if (this.#bytesTaken + byteCount > this.#bytesMax) return false;
    this.#bytesTaken += byteCount;
    return true;
  }

  giveBack(byteCount: number): void {
    this.#bytesTaken -= byteCount;
  }
}
