/** What people type and read on a clock, `2026-11-22T15:04`, in a time zone (IANA; null is the browser’s). */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string | null): Intl.DateTimeFormat {
  const name = zone ?? '';
  const made =
    formats.get(name) ??
    new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
      ...(zone !== null && { timeZone: zone }),
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(name, made);
  return made;
}

/** An instant as a field of type `datetime-local` holds it. */
export function localOf(at: string | number, zone: string | null): string {
  const part: Record<string, string> = {};
  const ms = typeof at === 'number' ? at : Date.parse(at);
  for (const { type, value } of formatOf(zone).formatToParts(ms)) part[type] = value;
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}`;
}

/** The instant that was typed, RFC 3339 in UTC; undefined if it is none. Where a clock is put forward, the time after. */
export function instantOf(local: string, zone: string | null): string | undefined {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(local) ?? [];
  const wallMs = Date.parse(`${date}T${time}:00Z`);
  if (date === undefined || Number.isNaN(wallMs)) return undefined;
  // The zone’s distance from UTC at a first guess, and again at the better one: it may change in between.
  let ms = wallMs;
  for (let turn = 0; turn < 2; turn += 1) ms = wallMs - (Date.parse(`${localOf(ms, zone)}:00Z`) - ms);
  return new Date(ms).toISOString();
}

/** The instant at which the local day begins, so many days before or after the one of `at`. */
export function dayStartMs(at: number, zone: string | null, days = 0): number {
  const noonMs = Date.parse(instantOf(`${localOf(at, zone).slice(0, 10)}T12:00`, zone)!) + days * 86_400_000;
  return Date.parse(instantOf(`${localOf(noonMs, zone).slice(0, 10)}T00:00`, zone)!);
}
