/** Stands in for `k6/execution` in tests: k6 tells which scenarios it runs, and ends the test where a script asks. */
export const aborts: string[] = [];

export const test: { options: { scenarios?: Record<string, unknown> }; abort: (reason: string) => void } = {
  options: {},
  abort: (reason) => {
    aborts.push(reason);
  },
};
