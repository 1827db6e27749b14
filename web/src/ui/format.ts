import { amountText } from '@bronze-drum/protocol/currencies';
import { useMemo } from 'react';
import { ownDate, ownWords, type Span } from './own-words.ts';
import { usePreferences, type Preferences } from './preferences.ts';

export interface Money {
  /** Minor units. */
  readonly value: string;
  readonly currency: string;
}

/** Instants, amounts and numbers as this officer reads them: digits 0 to 9, Gregorian years unless they chose otherwise. */
export interface Format {
  /** Day and time: `22 Nov 2026, 15:04:05`. */
  instant(iso: string | number, timeZone?: string): string;
  day(iso: string | number, timeZone?: string): string;
  /** `15:04`, with the day if it is not today's. */
  time(iso: string | number, timeZone?: string): string;
  /** The day of the week, short, with that of the month. */
  weekday(iso: string | number, timeZone?: string): string;
  /** `3 min ago`, `in 2 h`. */
  fromNow(iso: string | number, nowMs: number): string;
  /** `2 h 05 min`; seconds below ten minutes. */
  duration(ms: number): string;
  number(value: number): string;
  /** A share of 1 as `12 %`. */
  percent(share: number): string;
  bytes(count: number): string;
  /** `THB 480,000.00`: the same in every language, as papers between the six write it. */
  money(money: Money): string;
  /** `480 k` where there is little room. */
  shortMoney(money: Money): string;
}

/** Where each member's officers are, for the other side's time. */
export const timeZoneOf: Readonly<Record<string, string>> = {
  cn: 'Asia/Shanghai',
  kh: 'Asia/Phnom_Penh',
  la: 'Asia/Vientiane',
  mm: 'Asia/Yangon',
  th: 'Asia/Bangkok',
  vn: 'Asia/Ho_Chi_Minh',
};

export function useFormat(): Format {
  const { preferences } = usePreferences();
  const { language, calendar, timeZone } = preferences;
  return useMemo(() => keptFormat({ language, calendar, timeZone }), [language, calendar, timeZone]);
}

const isSpan = (name: string): name is Span => /^(?:second|minute|hour|day)$/.test(name);

type Choice = Pick<Preferences, 'language' | 'calendar' | 'timeZone'>;

/** The browser’s formatters are slow to make, and each line of a list asks for them. */
const formats = new Map<string, Format>();

function keptFormat(choice: Choice): Format {
  const key = JSON.stringify(choice);
  const format = formats.get(key) ?? formatOf(choice);
  formats.set(key, format);
  return format;
}

export function formatOf({ language, calendar, timeZone }: Choice): Format {
  const own = ownWords[language];
  const locale = `${own === undefined ? language : 'en'}-u-ca-${calendar === 'buddhist' ? 'buddhist' : 'gregory'}-nu-latn`;
  const zone = timeZone ?? undefined;
  const made = new Map<string, (ms: number) => string>();
  const dates = (name: string, options: Intl.DateTimeFormatOptions, place = zone): ((ms: number) => string) => {
    const key = `${name} ${place ?? ''}`;
    const known = made.get(key) ?? makeDates(options, place);
    made.set(key, known);
    return known;
  };
  function makeDates(options: Intl.DateTimeFormatOptions, place: string | undefined): (ms: number) => string {
    const format = new Intl.DateTimeFormat(locale, {
      ...options,
      // Said again: a browser without this language falls back to its own, and to that one’s calendar.
      calendar: calendar === 'buddhist' ? 'buddhist' : 'gregory',
      numberingSystem: 'latn',
      ...(own !== undefined && options.month !== undefined && { month: 'numeric' }),
      ...(place !== undefined && { timeZone: place }),
    });
    return own === undefined ? (ms) => format.format(ms) : ownDate(own, format);
  }
  const dayOptions = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' });
  const fromNow = (value: number, span: Span): string => {
    if (own === undefined) return relative.format(value, span);
    const text = `${Math.abs(value)} ${own.spans[span]}`;
    return value < 0 ? own.ago(text) : own.ahead(text);
  };
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const shorts = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  // Clocks ask for these each second.
  const units = new Map<string, Intl.NumberFormat>();
  const unit = (value: number, name: string): string => {
    if (own !== undefined && isSpan(name)) return `${value} ${own.spans[name]}`;
    const known = units.get(name) ?? new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' });
    units.set(name, known);
    return known.format(value);
  };
  const at = (iso: string | number): number => (typeof iso === 'number' ? iso : Date.parse(iso));
  const shown = (ms: number, format: (ms: number) => string): string => (Number.isNaN(ms) ? '–' : format(ms));
  const format: Format = {
    instant: (iso, place) => shown(at(iso), dates('instant', { ...dayOptions, ...clock, second: '2-digit' }, place)),
    day: (iso, place) => shown(at(iso), dates('day', dayOptions, place)),
    weekday: (iso, place) => shown(at(iso), dates('weekday', { weekday: 'short', day: 'numeric' }, place)),
    time(iso, place) {
      const isToday = format.day(iso, place) === format.day(Date.now(), place);
      return isToday
        ? shown(at(iso), dates('time', clock, place))
        : shown(at(iso), dates('daytime', { day: 'numeric', month: 'short', ...clock }, place));
    },
    fromNow(iso, nowMs) {
      const ms = at(iso) - nowMs;
      const size = Math.abs(ms);
      if (size < 60_000) return fromNow(Math.round(ms / 1000), 'second');
      if (size < 3_600_000) return fromNow(Math.round(ms / 60_000), 'minute');
      if (size < 48 * 3_600_000) return fromNow(Math.round(ms / 3_600_000), 'hour');
      return fromNow(Math.round(ms / 86_400_000), 'day');
    },
    duration(ms) {
      const seconds = Math.max(0, Math.round(ms / 1000));
      if (seconds < 600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      const minutes = Math.floor(seconds / 60);
      const isDays = minutes >= 48 * 60;
      const parts = isDays
        ? ([
            [Math.floor(minutes / 1440), 'day'],
            [Math.floor((minutes % 1440) / 60), 'hour'],
          ] as const)
        : ([
            [Math.floor(minutes / 60), 'hour'],
            [minutes % 60, 'minute'],
          ] as const);
      return parts
        .filter(([value]) => value > 0)
        .map(([value, name]) => unit(value, name))
        .join(' ');
    },
    number: (value) => numbers.format(value),
    percent: (share) => percents.format(share),
    bytes: (count) =>
      count < 1024
        ? unit(count, 'byte')
        : count < 1024 ** 2
          ? unit(Math.round(count / 1024), 'kilobyte')
          : unit(Math.round(count / 1024 ** 2), 'megabyte'),
    money: ({ value, currency }) => `${currency}\u00a0${amountText(value, currency) ?? value}`,
    shortMoney({ value, currency }) {
      const text = amountText(value, currency);
      return `${currency}\u00a0${text === undefined ? value : shorts.format(Number(text.replaceAll(',', '')))}`;
    },
  };
  return format;
}
