import type { Language } from '@bronze-drum/protocol/languages';
import { en } from './en.ts';
import { km } from './km.ts';
import { lo } from './lo.ts';
import { my } from './my.ts';
import { th } from './th.ts';
import { vi } from './vi.ts';
import { zh } from './zh.ts';
import type { Country, HubWords } from './wording.ts';

export const hubWords: Readonly<Record<Language, HubWords>> = { en, zh, km, lo, my, th, vi };

/** Each language by the name that its readers give it. */
export const nativeNames: Readonly<Record<Language, string>> = {
  en: 'English',
  zh: '中文',
  km: 'ខ្មែរ',
  lo: 'ລາວ',
  my: 'မြန်မာ',
  th: 'ไทย',
  vi: 'Tiếng Việt',
};

/** The language of each country's officers. */
export const languageOf: Readonly<Record<Country, Language>> = {
  cn: 'zh',
  kh: 'km',
  la: 'lo',
  mm: 'my',
  th: 'th',
  vn: 'vi',
};
