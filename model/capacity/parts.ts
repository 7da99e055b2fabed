/** A part of a system with what it is asked and what one of it does, in the same unit. */
export interface Part {
  name: string;
  load: number;
  limit: number;
}

export interface RankedPart<Of extends Part> {
  part: Of;
  /** 1: exactly what one of it does. */
  utilisation: number;
  /** How many user requests a second it would take to bring the part to its limit, everything else in proportion. */
  requestsPerSecondAtLimit: number;
}

/** The fullest first: that is the one to scale first. */
export function rankParts<Of extends Part>(parts: readonly Of[], requestsPerSecond: number): RankedPart<Of>[] {
  return parts
    .map((part) => ({
      part,
      utilisation: part.load / part.limit,
      requestsPerSecondAtLimit: (requestsPerSecond * part.limit) / part.load,
    }))
    .toSorted((one, other) => other.utilisation - one.utilisation);
}
