import { useMemo } from 'react';
import { countryIn } from './country.ts';
import { useFormat, type Format } from './format.ts';
import { ownWords, type Span } from './own-words.ts';
import { useSaid, useWords, type Language, type Say } from './words.ts';

/** What is told with a code of a reason or refusal. */
export type Params = Readonly<Record<string, string | number | boolean>>;
type Value = Params[string];

/** What parameters are said with. */
interface Tools {
  /** Texts by file and key; `defaultValue` where there is none. */
  readonly t: Say;
  readonly said: ReturnType<typeof useSaid>;
  readonly format: Format;
  readonly language: Language;
  /** Instants without their day if it is today: within a sentence. */
  readonly short?: boolean;
}

/** One parameter: its name, what it is called, and its value in words. */
interface Fact {
  readonly name: string;
  readonly label: string;
  readonly text: string;
}

/** Parameters in this officer's words: all of a code by name, for its sentence, or one by one. */
interface ParamWords {
  values(params: Params, code?: string): Record<string, string>;
  facts(params: Params, code?: string): readonly Fact[];
}

/** `short` leaves out the day of instants that are today's. */
export function useParamWords({ short = false }: { short?: boolean } = {}): ParamWords {
  const { t, language } = useWords('ui');
  const said = useSaid();
  const format = useFormat();
  return useMemo(() => paramWords({ t, said, format, language, short }), [t, said, format, language, short]);
}

/** What a value is follows from its name, whatever the code: see “Parameters” in `locales/glossary.md`. */
export function paramWords(tools: Tools): ParamWords {
  const { t } = tools;
  return {
    values(params, code) {
      const names = Object.keys(params).filter((name) => !isCurrency(name));
      return withoutRepeats(Object.fromEntries(names.map((name) => [name, paramText(name, params, tools, code)])));
    },
    facts: (params, code) =>
      Object.keys(params)
        .filter((name) => !isCurrency(name) && params[name] !== '')
        .map((name) => ({
          name,
          label: t(`terms:fact.${name}`, { defaultValue: name }),
          text: paramText(name, params, tools, code),
        })),
  };
}

const isCurrency = (name: string): boolean => name === 'currency' || name.endsWith('Currency');

const instants = /^(?:at|since|due|until)$|At$/;
const minutes = /^minutes(?:Max)?$|Minutes$/;
const hours = /^hoursMax$|Hours$/;
const days = /^silentDaysMin$|Days$/;
const seconds = /Seconds$/;
const percents = /Percent$/;
const shares = /^(?:shareMin|chanceMin|alikeMin|incomingMax|mainNumberShare)$|Share(?:Min)?$/;
const dollars = /^dollars(?:Min|Max)?$|Dollars(?:Min|Max)?$/;
const plainNumbers: readonly string[] = ['lateHoursMax', 'daysMax'];

/** Lists of `terms.json` by the parameters that hold their codes. */
const terms: Readonly<Record<string, (t: Say, code: string) => string>> = {
  advice: (t, code) => t(`terms:advice.${code}`, { defaultValue: code }),
  match: (t, code) => t(`terms:match.${code}`, { defaultValue: code }),
  activity: (t, code) => t(`terms:activity.${code}`, { defaultValue: code }),
  role: (t, code) => t(`terms:recordRole.${code}`, { defaultValue: code }),
  clock: (t, code) => t(`terms:clock.${code}`, { defaultValue: code }),
  permission: (t, code) => t(`terms:permission.${code}`, { defaultValue: code }),
};
/** Lists of the protocol's phrases by the parameters that hold their codes. */
const phrases: Readonly<Record<string, Parameters<ReturnType<typeof useSaid>>[0]>> = {
  tier: 'tiers',
  typology: 'typologies',
  lister: 'members',
  member: 'members',
  party: 'members',
  reader: 'members',
  order: 'orderKinds',
  outcome: 'orderOutcomes',
  request: 'requestKinds',
  deed: 'deeds',
  step: 'steps',
};
const codedFacts: readonly string[] = [
  'network',
  'certainty',
  'direction',
  'check',
  'event',
  'act',
  'tested',
  'callerListed',
];
const countries: readonly string[] = ['firstCountry', 'thenCountry', 'country'];
const features: readonly string[] = ['first', 'second', 'third'];

function paramText(name: string, params: Params, tools: Tools, code?: string): string {
  const value = params[name];
  if (value === undefined) return '';
  if (name === 'most') return mostText(value, params, tools, code);
  if (typeof value === 'boolean') return tools.t(value ? 'ui:param.yes' : 'ui:param.no');
  if (name === 'amount' || name.endsWith('Amount')) return moneyText(name, value, params, tools);
  const measured = plainNumbers.includes(name) ? undefined : measureText(name, value, tools);
  if (measured !== undefined) return measured;
  return typeof value === 'number' ? tools.format.number(value) : wordText(name, value, tools);
}

/** The currency of `inAmount` is `inCurrency`, or else `currency`. */
function moneyText(name: string, value: string | number, params: Params, { format }: Tools): string {
  const own = name === 'amount' ? 'currency' : `${name.slice(0, -'Amount'.length)}Currency`;
  const currency = params[own] ?? params['currency'];
  return currency === undefined ? String(value) : format.money({ value: String(value), currency: String(currency) });
}

function measureText(name: string, value: string | number, tools: Tools): string | undefined {
  const { format, t, language, short = false } = tools;
  if (instants.test(name)) {
    if (Number.isNaN(typeof value === 'number' ? value : Date.parse(value))) return String(value);
    return short ? format.time(value) : format.instant(value);
  }
  const count = typeof value === 'number' ? value : Number(value);
  if (Number.isNaN(count) || value === '') return undefined;
  if (minutes.test(name)) return spanText(count * 60, language);
  if (hours.test(name)) return spanText(count * 3600, language);
  if (days.test(name)) return count < 0 ? t('terms:factValue.unknown') : daysText(count, language);
  if (seconds.test(name)) return spanText(count, language);
  if (percents.test(name)) return format.percent(count / 100);
  if (shares.test(name)) return format.percent(count);
  if (dollars.test(name)) return t('ui:param.about', { amount: `USD\u00a0${format.number(count)}` });
  return name === 'bytesMax' ? format.bytes(count) : undefined;
}

function wordText(name: string, value: string, { t, said, language }: Tools): string {
  const term = Object.hasOwn(terms, name) ? terms[name] : undefined;
  if (term !== undefined) return term(t, value);
  const list = Object.hasOwn(phrases, name) ? phrases[name] : undefined;
  if (list !== undefined) return said(list, value);
  if (codedFacts.includes(name)) return t(`terms:factValue.${name}.${value}`, { defaultValue: value });
  if (features.includes(name)) return featureText(value, t);
  if (countries.includes(name)) return countryText(value, said, language);
  if (name === 'refusal') {
    const phrase = said('orderRefusals', value);
    return phrase === value ? said('requestRefusals', value) : phrase;
  }
  if (name === 'book') return bookText(value, { t, said, language });
  return value;
}

/** What moved a score, by the longest beginning of its name that has words. */
function featureText(feature: string, t: Say): string {
  const parts = feature.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const text = t(`reasons:score.${parts.slice(0, length).join('.')}`, { defaultValue: '' });
    if (text !== '') return text;
  }
  return feature;
}

function countryText(code: string, said: Tools['said'], language: Language): string {
  const member = said('members', code.toLowerCase());
  if (member !== code.toLowerCase()) return member;
  return countryIn(code, language);
}

function bookText(book: string, { t, said, language }: Pick<Tools, 't' | 'said' | 'language'>): string {
  if (book === 'domestic' || book === 'alliance') return t(`terms:audience.${book}`);
  return new Intl.ListFormat(language, { type: 'unit' }).format(book.split('+').map((party) => said('members', party)));
}

/** How much is allowed; of what depends on the refusal. */
function mostText(value: Value, params: Params, tools: Tools, code: string | undefined): string {
  if (code === 'funds.too-much') return paramText('amount', { ...params, amount: value }, tools);
  if (code === 'funds.deferred-too-long') return paramText('until', { until: value }, tools);
  return typeof value === 'number' ? tools.format.number(value) : String(value);
}

/** What counts in a score is said once: an account that counts three times over would fill the sentence. */
function withoutRepeats(values: Record<string, string>): Record<string, string> {
  const seen = new Set<string>();
  for (const name of features) {
    const text = values[name];
    if (text === undefined) continue;
    if (seen.has(text)) values[name] = '';
    seen.add(text);
  }
  return values;
}

/** Takes out what parts a list where a place of it was left empty: “a; b; .” is “a; b.” */
export const withoutGaps = (sentence: string): string => sentence.replace(/(?:\s*[;；]\s*)+(?=[.。．။។]|$)/u, '');

/** Making one takes longer than using it a hundred times, and a queue says hundreds of them. */
const unitFormats = new Map<string, Intl.NumberFormat>();

function unitText(value: number, unit: Span, language: Language): string {
  const own = ownWords[language];
  if (own !== undefined) return `${Math.round(value * 10) / 10} ${own.spans[unit]}`;
  const name = `${language} ${unit}`;
  const format =
    unitFormats.get(name) ??
    new Intl.NumberFormat(`${language}-u-nu-latn`, {
      style: 'unit',
      unit,
      unitDisplay: 'long',
      maximumFractionDigits: 1,
    });
  unitFormats.set(name, format);
  return format.format(value);
}

/** A length of time as it is said in a sentence: `45 seconds`, `2.6 minutes`, `24 hours`, `3 days`. */
function spanText(spanSeconds: number, language: Language): string {
  if (spanSeconds < 120) return unitText(Math.round(spanSeconds), 'second', language);
  const spanMinutes = spanSeconds / 60;
  if (spanMinutes < 10) return unitText(spanMinutes, 'minute', language);
  if (spanMinutes < 120 && spanMinutes % 60 !== 0) return unitText(Math.round(spanMinutes), 'minute', language);
  const spanHours = spanMinutes / 60;
  return spanHours <= 72 ? unitText(spanHours, 'hour', language) : unitText(spanHours / 24, 'day', language);
}

const daysText = (count: number, language: Language): string =>
  count > 0 && count < 1 ? spanText(count * 86_400, language) : unitText(count, 'day', language);
