/** `without`: a process that has no AsyncLocalStorage at all, for the tax that one puts on every await. */
export type ContextMode = 'without' | 'with';

/** Nanoseconds of CPU by operation. */
export type ContextCosts = Record<string, number>;
