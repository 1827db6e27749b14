import type { Language } from '../languages.ts';

/**
 * An instant as it is said in a place, for officers: the local time, and in UTC as it was sent. What is no instant stays as it is.
 */
export function instantText(instant: string, language: Language, timeZone: string): string {
  return Number.isNaN(Date.parse(instant)) ? instant : `${localText(instant, language, timeZone)} = ${instant}`;
}

/**
 * The date in words in the Gregorian calendar, the time of day with its offset; `timeZone` is IANA. Thai says the year of
 * the Buddhist era first, as its officials write.
 */
export function localText(instant: string, language: Language, timeZone: string): string {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) return instant;
  const { time, offset } = clockText(ms, timeZone);
  return `${dateText(ms, language, timeZone)}, ${time} (UTC${offset})`;
}

function dateText(ms: number, language: Language, timeZone: string): string {
  const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  });
  if (language !== 'th') return format.format(ms);
  const parts = format.formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('day')} ${part('month')} พ.ศ. ${Number(part('year')) + 543} (ค.ศ. ${part('year')})`;
}

function clockText(ms: number, timeZone: string): { time: string; offset: string } {
  const parts = new Intl.DateTimeFormat('en-u-nu-latn', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
    timeZone,
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  const offset = part('timeZoneName').replace('GMT', '');
  return { time: `${part('hour')}:${part('minute')}:${part('second')}`, offset: offset === '' ? '+00:00' : offset };
}
