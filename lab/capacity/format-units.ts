const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;
const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;
const COUNT_UNITS = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion'] as const;

/** "18.40 TB": decimal units, as networks and disks are sold. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, BYTE_UNITS.length, (value, power) => `${value} ${BYTE_UNITS[power]}`);
}

/** "18.40 TB (16.74 TiB)", for those who know what their tools call a terabyte. */
export function formatBothBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(BINARY_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const binary = `${(bytes / 1024 ** power).toFixed(2)} ${BINARY_UNITS[power]}`;
  return power === 0 ? formatBytes(bytes) : `${formatBytes(bytes)} (${binary})`;
}

/** "8.96 Gbit/s" */
export function formatBits(bytesPerSecond: number): string {
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s', 'Pbit/s'];
  return scaled(bytesPerSecond * 8, units.length, (value, power) => `${value} ${units[power]}`);
}

/** "43.20 billion" */
export function formatLarge(count: number): string {
  return scaled(count, COUNT_UNITS.length, (value, power) => `${value}${COUNT_UNITS[power]}`);
}

/** "500,000", and two decimals below 100. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: count < 100 ? 2 : 0 });
}

/** "1/16" where it is one of a whole number, else "6.3 %"; "all" for 1. */
export function formatShare(share: number): string {
  if (share === 1) return 'all';
  const inverse = 1 / share;
  const isWhole = Math.abs(inverse - Math.round(inverse)) < 1e-9;
  return isWhole && inverse < 1e6 ? `1/${Math.round(inverse)}` : `${Number((share * 100).toPrecision(3))} %`;
}

function scaled(value: number, units: number, write: (text: string, power: number) => string): string {
  const power = value < 1000 ? 0 : Math.min(units - 1, Math.floor(Math.log10(value) / 3 + 1e-12));
  const number = value / 1000 ** power;
  return write(power === 0 ? formatCount(number) : number.toFixed(2), power);
}
