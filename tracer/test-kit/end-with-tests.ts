import { after } from 'node:test';

const ends = new Set<() => void>();
after(() => {
  for (const end of ends) end();
});

/**
 * Ends a server or a process when the tests of the file are over, whatever failed before it was closed: what is left open
 * keeps the tests' own process alive. Closing something twice must do no harm.
 */
export function endWithTests(end: () => void): void {
  ends.add(end);
}
