/**
 * What `read` gives, or undefined where it throws: values of the application may be proxies or have getters that throw,
 * and tracing never breaks an application (specification, error handling).
 */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
