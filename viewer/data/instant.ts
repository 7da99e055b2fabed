/** Wall-clock text of instants given as nanoseconds since the epoch, in the reader's own time zone. */
const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DAY = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });

const NANO_PER_MS = 1_000_000n;

export function millisecondsFromNano(unixNano: bigint): number {
  return Number(unixNano / NANO_PER_MS);
}

/** `14:03:22.417` */
export function formatTimeOfDay(unixNano: bigint): string {
  const unixMs = millisecondsFromNano(unixNano);
  return `${TIME.format(unixMs)}.${String(unixMs % 1000).padStart(3, '0')}`;
}

/** `21 Nov 2026`, in the reader's language. */
export function formatDay(unixNano: bigint): string {
  return DAY.format(millisecondsFromNano(unixNano));
}

/** `12 s ago`, coarse enough to change seldom; beyond a day the date says more. */
export function formatAge(unixNano: bigint, nowUnixMs: number): string {
  const seconds = Math.max(0, Math.round((nowUnixMs - millisecondsFromNano(unixNano)) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return formatDay(unixNano);
}
