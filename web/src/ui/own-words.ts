import type { Language } from '@bronze-drum/protocol/languages';

export type Span = 'second' | 'minute' | 'hour' | 'day';

/** How a language says dates and lengths of time; texts are CLDR's. */
export interface OwnWords {
  /** January first. */
  readonly months: readonly string[];
  /** Sunday first. */
  readonly weekdays: readonly string[];
  readonly spans: Readonly<Record<Span, string>>;
  date(day: string, month: string, year: string | undefined): string;
  ago(span: string): string;
  ahead(span: string): string;
  readonly languages: Readonly<Record<Language, string>>;
}

const dayFirst = (day: string, month: string, year: string | undefined): string =>
  year === undefined ? `${day} ${month}` : `${day} ${month} ${year}`;

/**
 * Chrome, and what is made of it, has no Khmer, Lao or Burmese: it would say dates in the language of whoever set the machine up.
 * What those three need is here.
 */
export const ownWords: Partial<Readonly<Record<string, OwnWords>>> = {
  km: {
    months: 'មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ'.split(' '),
    weekdays: 'អាទិត្យ ចន្ទ អង្គារ ពុធ ព្រហ សុក្រ សៅរ៍'.split(' '),
    spans: { second: 'វិនាទី', minute: 'នាទី', hour: 'ម៉ោង', day: 'ថ្ងៃ' },
    date: dayFirst,
    ago: (span) => `${span}មុន`,
    ahead: (span) => `${span}ទៀត`,
    languages: { en: 'អង់គ្លេស', zh: 'ចិន', km: 'ខ្មែរ', lo: 'ឡាវ', my: 'ភូមា', th: 'ថៃ', vi: 'វៀតណាម' },
  },
  lo: {
    months: 'ມ.ກ. ກ.ພ. ມ.ນ. ມ.ສ. ພ.ພ. ມິ.ຖ. ກ.ລ. ສ.ຫ. ກ.ຍ. ຕ.ລ. ພ.ຈ. ທ.ວ.'.split(' '),
    weekdays: 'ອາທິດ ຈັນ ອັງຄານ ພຸດ ພະຫັດ ສຸກ ເສົາ'.split(' '),
    spans: { second: 'ວິນາທີ', minute: 'ນາທີ', hour: 'ຊົ່ວໂມງ', day: 'ມື້' },
    date: dayFirst,
    ago: (span) => `${span}ກ່ອນ`,
    ahead: (span) => `ໃນອີກ ${span}`,
    languages: { en: 'ອັງກິດ', zh: 'ຈີນ', km: 'ຂະເໝນ', lo: 'ລາວ', my: 'ມຽນມາ', th: 'ໄທ', vi: 'ຫວຽດນາມ' },
  },
  my: {
    months: 'ဇန် ဖေ မတ် ဧ မေ ဇွန် ဇူ ဩ စက် အောက် နို ဒီ'.split(' '),
    weekdays: 'တနင်္ဂနွေ တနင်္လာ အင်္ဂါ ဗုဒ္ဓဟူး ကြာသပတေး သောကြာ စနေ'.split(' '),
    spans: { second: 'စက္ကန့်', minute: 'မိနစ်', hour: 'နာရီ', day: 'ရက်' },
    date: (day, month, year) => (year === undefined ? `${month} ${day}` : `${year} ${month} ${day}`),
    ago: (span) => `ပြီးခဲ့သည့် ${span}`,
    ahead: (span) => `${span}အတွင်း`,
    languages: { en: 'အင်္ဂလိပ်', zh: 'တရုတ်', km: 'ခမာ', lo: 'လာအို', my: 'မြန်မာ', th: 'ထိုင်း', vi: 'ဗီယက်နမ်' },
  },
};

const englishWeekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A date and time of one of them, by what the browser knows of calendars. */
export function ownDate(words: OwnWords, inEnglish: Intl.DateTimeFormat): (ms: number) => string {
  return (ms) => {
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of inEnglish.formatToParts(ms)) part[type] = value;
    const { weekday, day, month, year, hour, minute, second } = part;
    if (weekday !== undefined) return `${words.weekdays[englishWeekdays.indexOf(weekday)]!} ${day ?? ''}`.trim();
    const time = [hour, minute, second].filter((one) => one !== undefined).join(':');
    if (day === undefined || month === undefined) return time;
    const date = words.date(day, words.months[Number(month) - 1]!, year);
    return time === '' ? date : `${date}, ${time}`;
  };
}
