import type { TraceState } from '@opentelemetry/api';
import { deleteTracestateMember, formatTracestate, parseTracestate, setTracestateMember } from '@tracelab/protocol';
import type { TraceStateMember } from '@tracelab/protocol';

/** The API's immutable TraceState over the members that the protocol parses and checks. */
export class MemberTraceState implements TraceState {
  readonly #members: readonly TraceStateMember[];

  constructor(members: readonly TraceStateMember[]) {
    this.#members = members;
  }

  /** Undefined where a member is malformed (then the whole list is dropped) or where there is none. */
  static parse(header: string): MemberTraceState | undefined {
    const members = parseTracestate(header);
    return members === undefined || members.length === 0 ? undefined : new MemberTraceState(members);
  }

  get(key: string): string | undefined {
    return this.#members.find((member) => member.key === key)?.value;
  }

  /** An illegal key or value changes nothing: the API may not throw into the application. */
  set(key: string, value: string): TraceState {
    try {
      return new MemberTraceState(setTracestateMember(this.#members, key, value));
    } catch {
      return this;
    }
  }

  unset(key: string): TraceState {
    return new MemberTraceState(deleteTracestateMember(this.#members, key));
  }

  serialize(): string {
    return formatTracestate(this.#members);
  }
}
