import type { Money } from '../fields.ts';
import type { Language } from '../languages.ts';
import type { Offence, Typology } from '../statements/listing.ts';
import { localText } from './instants.ts';
import { moneyText } from './money.ts';
import { filled, phrasesOf, said, sentencesOf } from './said.ts';
import { partyText } from './values.ts';
import { writtenLine } from './written.ts';

/** What a person whose money is held is told. */
export interface HoldNotice {
  readonly member: string;
  readonly institution: string;
  readonly maskedAccount: string;
  readonly amount: Money;
  /** RFC 3339 in UTC. */
  readonly until: string;
  readonly legalBasis: string;
  /** What the money is suspected to come from. */
  readonly reason: Offence | Typology;
  readonly appealTo: string;
  /** IANA. */
  readonly timeZone: string;
}

/** In plain words, in each of the languages, one below the other. */
export function holdNotice(notice: HoldNotice, languages: readonly Language[]): { subject: string; text: string } {
  const said = languages.map((language) => noticeIn(notice, language));
  return { subject: said.map(({ subject }) => subject).join(' / '), text: said.map(({ text }) => text).join('\n\n') };
}

function noticeIn(notice: HoldNotice, language: Language): { subject: string; text: string } {
  const { subject, held, why, by, until, appeal, beware } = sentencesOf(language).notice;
  const values = {
    amount: moneyText(notice.amount, language),
    account: writtenLine(notice.maskedAccount),
    institution: writtenLine(notice.institution),
    reason: reasonText(notice.reason, language),
    member: partyText(notice.member, language),
    legalBasis: writtenLine(notice.legalBasis),
    until: localText(notice.until, language, notice.timeZone),
    appealTo: writtenLine(notice.appealTo),
  };
  return {
    subject: filled(subject, values),
    text: [held, why, by, until, appeal, beware].map((sentence) => filled(sentence, values)).join('\n\n'),
  };
}

function reasonText(reason: string, language: Language): string {
  return said(Object.hasOwn(phrasesOf(language).offences, reason) ? 'offences' : 'typologies', reason, language);
}
