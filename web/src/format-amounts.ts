const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `812 bytes`, `1.2 MB`: decimal units, one decimal. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  while (amount >= 999.95 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  if (unit === 0) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return `${amount.toFixed(1)} ${UNITS[unit]}`;
}

/** `0:07`, `12:34`, `1:02:03`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}
