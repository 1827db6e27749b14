/** How much people do at each hour of their day; the busiest hour is 1. */
const hourly = [
  0.1, 0.06, 0.04, 0.03, 0.05, 0.14, 0.34, 0.58, 0.74, 0.84, 0.9, 0.97, 1, 0.9, 0.82, 0.8, 0.84, 0.93, 0.98, 0.95, 0.84,
  0.64, 0.4, 0.2,
] as const;

export const rhythmMean = hourly.reduce((sum, hour) => sum + hour, 0) / 24;

const minutesPerDay = 1440;

/** At a minute of the local day, which may be beyond its ends. */
export function rhythm(localMinute: number): number {
  const minute = (((localMinute % minutesPerDay) + minutesPerDay) % minutesPerDay) / 60;
  const hour = Math.floor(minute);
  const from = hourly[hour]!;
  return from + (hourly[(hour + 1) % 24]! - from) * (minute - hour);
}

/** The minute of the local day, and the day itself, counted from 1970. */
export function localTime(atMs: number, zoneMinutes: number): { readonly day: number; readonly minute: number } {
  const minutes = Math.floor(atMs / 60_000) + zoneMinutes;
  const day = Math.floor(minutes / minutesPerDay);
  return { day, minute: minutes - day * minutesPerDay };
}

const dayMs = 86_400_000;

/** The day of the month; the last of a short month is also every later one. */
export function dayOfMonth(day: number): { readonly day: number; readonly isLast: boolean } {
  return { day: new Date(day * dayMs).getUTCDate(), isLast: new Date((day + 1) * dayMs).getUTCDate() === 1 };
}

/** 0 is Sunday. */
export const weekday = (day: number): number => (day + 4) % 7;
