interface Keyed<Key> {
  keys: () => Iterator<Key>;
}

/**
 * Takes the keys of a map or set in the order of their insertion. One iterator lives as long as the map: a new one for each key
 * would walk again over all that was deleted before it, which made a full buffer cost 30,000 steps a trace.
 */
export class OldestFirst<Key> {
  readonly #keyed: Keyed<Key>;
  #keys: Iterator<Key>;

  constructor(keyed: Keyed<Key>) {
    this.#keyed = keyed;
    this.#keys = keyed.keys();
  }

  /** The oldest key, which the caller deletes before asking again; undefined where there is none. */
  next(): Key | undefined {
    const found = this.#keys.next();
    if (found.done !== true) return found.value;
    // An iterator that came to the end stays there.
    this.#keys = this.#keyed.keys();
    const first = this.#keys.next();
    return first.done === true ? undefined : first.value;
  }
}
