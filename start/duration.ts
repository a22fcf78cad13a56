const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** `90s`, `30m`, `12h` or `7d` in seconds. Throws for anything else. */
export function durationSeconds(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  if (!(seconds > 0)) throw new Error(`"${text}" is not a time: write 90s, 30m, 12h or 7d.`);
  return seconds;
}
