import type { Handling } from '../handling.ts';
import type { Language } from '../languages.ts';
import type { Order } from '../orders.ts';
import { answerForm, requestForms } from '../requests.ts';
import type { ExhibitRef } from '../statements/exhibit.ts';
import type { RequestBody, RequestDeedBody } from '../statements/request.ts';
import { instantText } from './instants.ts';
import { moneyText } from './money.ts';
import { filled, said, sentencesOf } from './said.ts';
import { fieldsOf, freeLine, languageText, partyText, paymentText, type FieldLine } from './values.ts';
import { keyText, writtenLine } from './written.ts';
import type { LabelName } from './vocabulary.ts';

/**
 * What a letter says, in one language, before it is plain text or a page: both show every line of it. The sheets of one
 * matter in two languages have the same lines in the same order.
 */
export interface Sheet {
  readonly language: Language;
  readonly title: string;
  readonly subject: string;
  readonly opening: string;
  readonly head: readonly FieldLine[];
  readonly sections: readonly Section[];
  readonly closing: string;
  readonly signHere: string;
  readonly printed: string;
}
export interface Section {
  readonly title: string;
  readonly lines: readonly FieldLine[];
}

/** A section that is one field of its own name: it is said once. */
export function isTitled({ title, lines }: Section): boolean {
  return lines.length === 1 && lines[0]!.label === title;
}

/** A request with all that was done about it. `from` and `to` are the asking and the asked member, `at` when it was said. */
export interface RenderedInput {
  readonly body: RequestBody;
  readonly from: string;
  readonly to: string;
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly deeds: readonly { readonly by: string; readonly at: string; readonly body: RequestDeedBody }[];
  /** IANA: in which instants are said, besides UTC. */
  readonly timeZone: string;
  readonly handling?: Handling;
}

interface Pen {
  line(name: LabelName, value: string): FieldLine;
  instant(name: LabelName, value: string): FieldLine;
  exhibits(exhibits: readonly ExhibitRef[]): readonly FieldLine[];
}

function penOf(language: Language, timeZone: string): Pen {
  const { labels, bytes } = sentencesOf(language);
  const line: Pen['line'] = (name, value) => ({ name, label: labels[name], value });
  return {
    line,
    instant: (name, value) => line(name, instantText(value, language, timeZone)),
    exhibits: (exhibits) =>
      exhibits.map(({ id, sha256, bytes: size, mediaType, title }, at) => ({
        name: 'exhibit',
        label: `${labels.exhibit} ${at + 1}`,
        value: [
          writtenLine(title),
          `${writtenLine(mediaType)}, ${size} ${bytes}`,
          `SHA-256 ${writtenLine(sha256)}`,
          writtenLine(id),
        ].join('\n'),
      })),
  };
}

export function requestSheet(input: RenderedInput, language: Language): Sheet {
  const { body, timeZone } = input;
  const { labels, none, ...sentences } = sentencesOf(language);
  const pen = penOf(language, timeZone);
  const kind = said('requestKinds', body.kind, language);
  const from = partyText(input.from, language);
  const to = partyText(input.to, language);
  const orNone = (name: LabelName, lines: readonly FieldLine[]): readonly FieldLine[] =>
    lines.length > 0 ? lines : [{ name, label: labels[name], value: none }];
  return {
    language,
    title: sentences.request,
    subject: kind,
    opening: filled(sentences.requestAsks, { from, to, kind }),
    head: headOf(input, language, pen),
    sections: [
      { title: labels.legalBasis, lines: [pen.line('legalBasis', writtenLine(body.legalBasis))] },
      {
        title: labels.necessity,
        lines: [{ name: 'necessity', label: labels.necessity, ...freeLine(body.necessity) }],
      },
      { title: labels.details, lines: detailsOf(body, language, timeZone) },
      { title: labels.exhibits, lines: orNone('exhibits', pen.exhibits(body.exhibits)) },
      { title: labels.signature, lines: signatureOf(body, language, pen) },
      {
        title: labels.course,
        lines: orNone(
          'course',
          input.deeds.flatMap((deed) => deedLines(deed, language, timeZone, pen)),
        ),
      },
    ],
    closing: sentences.requestCloses,
    signHere: sentences.signHere,
    printed: sentences.printed,
  };
}

function headOf(input: RenderedInput, language: Language, pen: Pen): readonly FieldLine[] {
  const { body, handling } = input;
  const maybe = (name: LabelName, value: string | undefined): FieldLine[] =>
    value === undefined ? [] : [pen.line(name, writtenLine(value))];
  return [
    pen.line('reference', writtenLine(body.id)),
    pen.line('revision', String(body.revision)),
    pen.instant('date', input.at),
    pen.line('from', partyText(input.from, language)),
    pen.line('to', partyText(input.to, language)),
    ...maybe('desk', body.to.desk),
    ...maybe('officer', body.to.officer),
    pen.line('priority', said('priorities', body.priority, language)),
    pen.line('offence', said('offences', body.offence, language)),
    pen.line('purpose', said('purposes', body.purpose, language)),
    pen.line('language', languageText(body.language, language)),
    ...maybe('joins', body.joins),
    ...maybe('case', body.case),
    ...(handling === undefined ? [] : [pen.line('handling', handlingText(handling, language))]),
  ];
}

function handlingText({ tlp, conditions, restriction }: Handling, language: Language): string {
  return [
    `TLP:${tlp}`,
    ...conditions.map((code) => `${code}: ${said('conditions', code, language)}`),
    ...(restriction === undefined ? [] : [writtenLine(restriction)]),
  ].join('\n');
}

function detailsOf({ kind, details }: RequestBody, language: Language, timeZone: string): readonly FieldLine[] {
  return fieldsOf(requestForms[kind], details, language, timeZone);
}

function signatureOf({ signedBy }: RequestBody, language: Language, pen: Pen): readonly FieldLine[] {
  if (signedBy === undefined) return [pen.line('signature', sentencesOf(language).byStandingRule)];
  return [
    pen.line('office', writtenLine(signedBy.office)),
    pen.line('officer', writtenLine(signedBy.officer)),
    pen.instant('signedAt', signedBy.at),
  ];
}

function deedLines(
  { by, at, body }: RenderedInput['deeds'][number],
  language: Language,
  timeZone: string,
  pen: Pen,
): readonly FieldLine[] {
  const { labels } = sentencesOf(language);
  return [
    {
      name: 'deed',
      label: said('deeds', body.deed, language),
      value: [
        partyText(by, language),
        instantText(at, language, timeZone),
        `${labels.revision}: ${body.revision}`,
      ].join('\n'),
    },
    ...(body.refusal === undefined ? [] : [pen.line('refusal', said('requestRefusals', body.refusal, language))]),
    ...(body.facts === undefined ? [] : fieldsOf(answerForm, body.facts, language, timeZone)),
    ...(body.text === undefined ? [] : [{ name: 'message', label: labels.message, ...freeLine(body.text) }]),
    ...pen.exhibits(body.exhibits),
  ];
}

/** Everything that an order says, line by line; instants as they are said in `timeZone` (IANA). */
export function orderLines(order: Order, language: Language, timeZone = 'UTC'): readonly FieldLine[] {
  const { labels, untilAnswered } = sentencesOf(language);
  const pen = penOf(language, timeZone);
  const { amount, leave, payment, text, until, ended } = order;
  return [
    pen.line('reference', writtenLine(order.id)),
    pen.line('revision', String(order.revision)),
    pen.line('subject', said('orderKinds', order.kind, language)),
    pen.line('institution', writtenLine(order.institution)),
    pen.line('office', writtenLine(order.office)),
    pen.line('about', keyText(order.subject, language)),
    ...(amount === undefined ? [] : [pen.line('toHold', moneyText(amount, language))]),
    ...(leave === undefined ? [] : [pen.line('leave', moneyText(leave, language))]),
    ...(payment === undefined ? [] : [pen.line('payment', paymentText(payment, language, timeZone))]),
    ...(text === undefined ? [] : [{ name: 'instruction', label: labels.instruction, ...freeLine(text) }]),
    pen.line('legalBasis', writtenLine(order.legalBasis)),
    pen.line('form', writtenLine(order.form)),
    pen.line('safeHarbour', writtenLine(order.safeHarbour)),
    pen.line('callBack', writtenLine(order.callBack)),
    pen.instant('issuedAt', order.issuedAt),
    pen.instant('answerBy', order.answerBy),
    until === undefined ? pen.line('until', untilAnswered) : pen.instant('until', until),
    pen.line('state', said('orderStates', order.state, language)),
    ...(ended === undefined
      ? []
      : [
          pen.line('ended', `${said('orderEnds', ended.why, language)}\n${instantText(ended.at, language, timeZone)}`),
          ...(ended.court === undefined ? [] : [pen.line('court', writtenLine(ended.court))]),
        ]),
    ...pen.exhibits(order.exhibits),
    pen.line('signature', `Ed25519 ${writtenLine(order.signature)}`),
  ];
}

/** The outcomes that an institution can answer with. */
const outcomesOf = {
  'hold-amount': ['placed', 'partly', 'gone', 'refused'],
  'block-number': ['placed', 'refused'],
  'preserve-records': ['placed', 'partly', 'refused'],
  'identify-holder': ['placed', 'partly', 'refused'],
  'report-onward': ['placed', 'partly', 'gone', 'refused'],
} as const satisfies Record<Order['kind'], readonly string[]>;

export function orderSheet(order: Order, language: Language, timeZone: string): Sheet {
  const { labels, ...sentences } = sentencesOf(language);
  const kind = said('orderKinds', order.kind, language);
  const outcomes = outcomesOf[order.kind].map((code) => said('orderOutcomes', code, language)).join('; ');
  return {
    language,
    title: sentences.order,
    subject: kind,
    opening: filled(sentences.orderTells, { institution: writtenLine(order.institution), kind }),
    head: [],
    sections: [{ title: labels.details, lines: orderLines(order, language, timeZone) }],
    closing: filled(sentences.orderCloses, { outcomes }),
    signHere: sentences.signHere,
    printed: sentences.printed,
  };
}
