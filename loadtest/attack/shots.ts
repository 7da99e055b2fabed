/** Status of a request that got no answer: no connection, a broken one, or none within the time limit. */
export const NO_ANSWER = 0;
/** Status of a request that was not sent, since too many were unanswered at its time. */
export const NOT_SENT = -1;
/** Status of a request that was still under way when the load was ended early. */
export const UNFINISHED = -2;

/** The requests of a load in the order of their intended starts: columns of equal length, all that a report is computed from. */
export interface Shots {
  /** Intended start, in whole microseconds since the load began. */
  dueUs: number[];
  /** How much later than intended it was really sent. */
  latenessUs: number[];
  /** From the intended start to the whole answer, or until it was clear that there is none; 0 where it was not sent or not finished. */
  latencyUs: number[];
  /** Of HTTP, or one of NO_ANSWER, NOT_SENT, UNFINISHED. */
  status: number[];
}

export const SHOT_COLUMNS = ['dueUs', 'latenessUs', 'latencyUs', 'status'] as const satisfies (keyof Shots)[];

export function emptyShots(): Shots {
  return { dueUs: [], latenessUs: [], latencyUs: [], status: [] };
}

/** Without the first so many. */
export function shotsFrom(shots: Shots, first: number): Shots {
  const cut = emptyShots();
  for (const column of SHOT_COLUMNS) cut[column] = shots[column].slice(first);
  return cut;
}
