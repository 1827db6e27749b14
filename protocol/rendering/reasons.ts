import type { Language } from '../languages.ts';
import { instantText } from './instants.ts';
import { moneyText } from './money.ts';
import { filled, phrasesOf, said, sentencesOf } from './said.ts';
import type { CodeList } from './vocabulary.ts';
import { writtenLine } from './written.ts';

type Params = Readonly<Record<string, string | number | boolean>>;

const listOf: Readonly<Record<string, CodeList>> = {
  order: 'orderKinds',
  outcome: 'orderOutcomes',
  request: 'requestKinds',
  deed: 'deeds',
  clock: 'clocks',
  step: 'steps',
};

/**
 * Why somebody should look now: a reason of an alert as a sentence. A parameter that the sentence does not use is said behind it, and a
 * code that this release has no sentence for is said as it is.
 */
export function reasonLine(code: string, params: Params, language: Language, timeZone = 'UTC'): string {
  const { reasons } = sentencesOf(language);
  const sentence = Object.hasOwn(reasons, code) ? reasons[code as keyof typeof reasons] : writtenLine(code);
  const values = Object.fromEntries(
    Object.keys(params).map((name) => [name, paramText(name, params, language, timeZone)]),
  );
  const unused = Object.keys(params).filter(
    (name) => !sentence.includes(`{${name}}`) && !(name === 'currency' && sentence.includes('{amount}')),
  );
  const rest = unused.map((name) => `${name}: ${values[name]}`).join(', ');
  return filled(sentence, values) + (rest === '' ? '' : ` (${rest})`);
}

function paramText(name: string, params: Params, language: Language, timeZone: string): string {
  const text = String(params[name]);
  if (name === 'due') return writtenLine(instantText(text, language, timeZone));
  if (name === 'amount' && typeof params['currency'] === 'string')
    return writtenLine(moneyText({ value: text, currency: params['currency'] }, language));
  if (name === 'refusal') {
    const isOrders = Object.hasOwn(phrasesOf(language).orderRefusals, text);
    return writtenLine(said(isOrders ? 'orderRefusals' : 'requestRefusals', text, language));
  }
  const list = Object.hasOwn(listOf, name) ? listOf[name] : undefined;
  return writtenLine(list === undefined ? text : said(list, text, language));
}
