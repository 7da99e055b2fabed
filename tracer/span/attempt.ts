/**
 * What `read` gives for the arguments, or undefined where it throws: values of the application may be proxies or have
 * getters that throw, and tracing never breaks an application (specification, error handling). The arguments are passed,
 * since a closure over a parameter costs its function an allocation at every call, also where the closure is not made.
 */
export function attempt<A extends unknown[], T>(read: (...args: A) => T, ...args: A): T | undefined {
  try {
    return read(...args);
  } catch {
    return undefined;
  }
}
