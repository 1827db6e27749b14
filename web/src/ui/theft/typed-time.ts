import { foldNoise } from '@bronze-drum/protocol/identifiers/digits';
import { instantOf, localOf } from '../local-time.ts';

const dayMs = 24 * 3_600_000;
/** A victim's clock, or ours, may be a little ahead. */
const aheadMs = 5 * 60_000;

/**
 * A time as it is said on the telephone, in this time zone (IANA; null is the browser's): `10:42` (the last one that was), `1042`, with a day
 * `21/11 10:42`, `21/11/2026 10:42` (Buddhist years too), `2026-11-21 10:42`. RFC 3339 in UTC; undefined if it cannot be read.
 */
export function readTypedTime(text: string, nowMs: number, zone: string | null): string | undefined {
  const plain = foldNoise(text).replace(/[T,]/g, ' ').replace(/\s+/g, ' ');
  const [, before = '', hour, minute] = /^(?:(\S+) )?(\d{1,2})[:.h]?(\d{2})$/.exec(plain) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const time = `${hour.padStart(2, '0')}:${minute}`;
  const today = localOf(nowMs, zone).slice(0, 10);
  if (before === '') {
    const at = instantOf(`${today}T${time}`, zone);
    if (at === undefined || Date.parse(at) <= nowMs + aheadMs) return at;
    // Just after midnight, 23:50 was yesterday.
    return instantOf(`${localOf(Date.parse(at) - dayMs, zone).slice(0, 10)}T${time}`, zone);
  }
  const day = dayOf(before, today);
  return day === undefined ? undefined : instantOf(`${day}T${time}`, zone);
}

function dayOf(text: string, today: string): string | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso !== null) return dateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const said = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$/.exec(text);
  if (said === null) return undefined;
  const [day, month] = [Number(said[1]), Number(said[2])];
  if (said[3] !== undefined) return dateOf(yearOf(Number(said[3])), month, day);
  const year = Number(today.slice(0, 4));
  const date = dateOf(year, month, day);
  // In January, 30/12 was last year.
  return date !== undefined && date > today ? dateOf(year - 1, month, day) : date;
}

/** 2569 of the Buddhist calendar is 2026; so is 26. */
const yearOf = (said: number): number => (said < 100 ? 2000 + said : said >= 2400 ? said - 543 : said);

function dateOf(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isThere = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 2000 && year < 2100;
  return isThere ? date.toISOString().slice(0, 10) : undefined;
}
