/**
 * Dates and times in the languages that many browsers know nothing of: Chromium would write `1970 M01 1` and `-3 min` in Khmer, Lao and
 * Burmese. The words are those of Unicode's CLDR.
 */
interface OwnWords {
  readonly months: readonly string[];
  /** In which order a date is written. */
  readonly order: readonly ('day' | 'month' | 'year')[];
  /** Between date and time. */
  readonly beforeTime: string;
  readonly units: Readonly<Record<Unit, string>>;
  readonly ago: (time: string) => string;
  readonly ahead: (time: string) => string;
}

type Unit = 'second' | 'minute' | 'hour' | 'day';

const ownWords: Readonly<Record<string, OwnWords>> = {
  km: {
    months: 'មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ'.split(' '),
    order: ['day', 'month', 'year'],
    beforeTime: ', ',
    units: { second: 'វិនាទី', minute: 'នាទី', hour: 'ម៉ោង', day: 'ថ្ងៃ' },
    ago: (time) => `${time}មុន`,
    ahead: (time) => `${time}ទៀត`,
  },
  lo: {
    months: 'ມ.ກ. ກ.ພ. ມ.ນ. ມ.ສ. ພ.ພ. ມິ.ຖ. ກ.ລ. ສ.ຫ. ກ.ຍ. ຕ.ລ. ພ.ຈ. ທ.ວ.'.split(' '),
    order: ['day', 'month', 'year'],
    beforeTime: ', ',
    units: { second: 'ວິນາທີ', minute: 'ນາທີ', hour: 'ຊົ່ວໂມງ', day: 'ມື້' },
    ago: (time) => `${time}ກ່ອນ`,
    ahead: (time) => `ໃນອີກ ${time}`,
  },
  my: {
    months: 'ဇန် ဖေ မတ် ဧ မေ ဇွန် ဇူ ဩ စက် အောက် နို ဒီ'.split(' '),
    order: ['year', 'month', 'day'],
    beforeTime: ' ',
    units: { second: 'စက္ကန့်', minute: 'မိနစ်', hour: 'နာရီ', day: 'ရက်' },
    ago: (time) => `ပြီးခဲ့သည့် ${time}`,
    ahead: (time) => `${time}အတွင်း`,
  },
};

/** The words of a language that this browser does not know; undefined where it does. */
export function ownWordsOf(language: string): OwnWords | undefined {
  return Intl.DateTimeFormat.supportedLocalesOf(language).length > 0 ? undefined : ownWords[language];
}

/** A format of dates in these words; `options` name the parts as for the browser's own. */
export function ownDates(
  { months, order, beforeTime }: OwnWords,
  options: Intl.DateTimeFormatOptions,
): { format(ms: number): string } {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...options,
    ...(options.month !== undefined && { month: 'numeric' }),
  });
  return {
    format(ms) {
      const part = new Map<string, string>(parts.formatToParts(ms).map(({ type, value }) => [type, value]));
      const month = part.get('month');
      if (month !== undefined) part.set('month', months[Number(month) - 1]!);
      const join = (names: readonly string[], between: string): string =>
        names.flatMap((name) => part.get(name) ?? []).join(between);
      const [date, time] = [join(order, ' '), join(['hour', 'minute', 'second'], ':')];
      return date === '' || time === '' ? date + time : date + beforeTime + time;
    },
  };
}

export const ownDuration = ({ units }: OwnWords, value: number, unit: string): string =>
  `${value} ${units[unit as Unit]}`;

/** As `Intl.RelativeTimeFormat` says it: what is past is negative. */
export function ownFromNow(words: OwnWords, value: number, unit: string): string {
  const time = ownDuration(words, Math.abs(value), unit);
  return value < 0 ? words.ago(time) : words.ahead(time);
}
