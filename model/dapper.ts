/**
 * Sigelman et al., "Dapper", Google Technical Report dapper-2010-1, section 4.2: a span in their repository, on average.
 * Theirs, printed beside ours and never mixed with it: another encoding, other annotations.
 */
export const DAPPER_STORED_SPAN_BYTES = 426;
