import { checkoutTrace } from './checkout-trace.ts';
import { traceIdOf } from './make-trace.ts';

/** When the first of the known traces began. */
export const START_UNIX_NANO = 1_790_000_000_000_000_000n;
export const SECOND_NANO = 1_000_000_000n;

export const slowBank = checkoutTrace({ seed: 1, startTimeUnixNano: START_UNIX_NANO, bankMs: 870.123456 });
export const failedBank = checkoutTrace({
  seed: 2,
  startTimeUnixNano: START_UNIX_NANO + SECOND_NANO,
  bankMs: 150,
  bankError: 'bank answered 503',
});
/** Comes after the other two. */
export const quickBank = checkoutTrace({
  seed: 3,
  startTimeUnixNano: START_UNIX_NANO + 2n * SECOND_NANO,
  bankMs: 90,
});

export const slowBankId = traceIdOf(slowBank);
export const failedBankId = traceIdOf(failedBank);
export const quickBankId = traceIdOf(quickBank);

export const knownTraces = [slowBank, failedBank, quickBank];
