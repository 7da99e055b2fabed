/** What a parser of untrusted input returns: it never throws, and a refusal says what was got and what is allowed. */
export type Result<Value, Refusal = string> = { ok: true; value: Value } | { ok: false; error: Refusal };

export function accept<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function refuse<Refusal>(error: Refusal): { ok: false; error: Refusal } {
  return { ok: false, error };
}

/** Closes a switch over a union: the compiler refuses it while a member is unhandled. */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${String(value)}`);
}
