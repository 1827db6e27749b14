import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field, Form, Money, NamedPayment } from '../fields.ts';
import { languages, type FreeText, type Language } from '../languages.ts';
import type { Order } from '../orders.ts';
import { answerForm, requestForms, requestKinds, requestRefusals, type RequestKind } from '../requests.ts';
import { requestDeeds } from '../statements/request.ts';
import { fieldsOf, holdNotice, letterHtml, orderLetterHtml, orderLines, plainText, reasonLine } from './rendering.ts';
import { saidOf, sentencesOf } from './said.ts';
import type { RenderedInput } from './sheet.ts';
import { freeText, valuesOf } from './test-values.ts';
import { keyText, written, writtenLine } from './written.ts';

const language = fc.constantFrom(...languages);

/** Every leaf of a field, as a reader of a language must find it. */
function leavesOf(name: string, { type }: Field, value: unknown, language: Language): string[] {
  switch (type) {
    case 'key':
      return [keyText(value as string, language)];
    case 'keys':
      return (value as string[]).map((key) => keyText(key, language));
    case 'amount':
      return moneyLeaves(value as Money);
    case 'text':
      return written((value as FreeText).text).split('\n');
    case 'code':
      return [saidOf(name, value as string, language)];
    case 'codes':
      return (value as string[]).map((code) => saidOf(name, code, language));
    case 'flag':
      return [value === true ? sentencesOf(language).yes : sentencesOf(language).no];
    case 'payments':
      return (value as NamedPayment[]).flatMap(({ from, to, amount, at, reference }) => [
        ...(from === undefined ? [] : [keyText(from, language)]),
        to === undefined ? sentencesOf(language).cash : keyText(to, language),
        ...moneyLeaves(amount),
        at,
        ...(reference === undefined ? [] : [reference]),
      ]);
    default:
      return [writtenLine(String(value))];
  }
}

/** The digits, wherever a comma or point stands between them. */
const moneyLeaves = ({ value, currency }: Money): string[] => [currency, value];
const bare = (text: string): string => text.replace(/[\s\u200b]+/g, '');
const digits = (text: string): string => bare(text).replace(/(?<=\d)[,.](?=\d)/g, '');

function expectSaid(text: string, leaves: readonly string[]): void {
  const said = bare(text);
  const counted = digits(text);
  for (const leaf of leaves) expect(said.includes(bare(leaf)) || counted.includes(bare(leaf)), leaf).toBe(true);
}

function leavesOfAll(form: Form, values: Readonly<Record<string, unknown>>, language: Language): string[] {
  return Object.entries(values).flatMap(([name, value]) => leavesOf(name, form[name]!, value, language));
}

const unescaped = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const uuid = '0b6f6b1e-3f4a-4c55-9d5e-3c6f0a1b2c3d';
const exhibit = {
  id: uuid,
  sha256: 'ab'.repeat(32),
  bytes: 4711,
  mediaType: 'application/pdf',
  title: 'Statement of account',
};

const inputOf = (kind: RequestKind): fc.Arbitrary<RenderedInput> =>
  fc
    .record({
      details: valuesOf(requestForms[kind]),
      facts: valuesOf(answerForm),
      necessity: freeText,
      text: freeText,
      deed: fc.constantFrom(...requestDeeds),
      refusal: fc.constantFrom(...requestRefusals),
    })
    .map(({ details, facts, necessity, text, deed, refusal }) => {
      const input = {
        body: {
          id: uuid,
          revision: 3,
          to: { member: 'kh', desk: 'money', officer: 'kh-7' },
          priority: 'P1',
          offence: 'telecom-online-fraud',
          purpose: 'stop-money',
          legalBasis: 'Section 7, "Emergency Decree" <2023>',
          necessity,
          signedBy: { office: 'acsc', officer: 'th-12', at: '2026-11-22T01:02:03.004Z' },
          language: 'th',
          exhibits: [exhibit],
          joins: '1b6f6b1e-3f4a-4c55-9d5e-3c6f0a1b2c3d',
          case: '2b6f6b1e-3f4a-4c55-9d5e-3c6f0a1b2c3d',
          kind,
          details,
        },
        from: 'th',
        to: 'kh',
        at: '2026-11-22T01:03:00.000Z',
        deeds: [
          {
            by: 'kh',
            at: '2026-11-22T01:09:00.000Z',
            body: { request: uuid, number: 1, revision: 3, deed, refusal, facts, text, exhibits: [exhibit] },
          },
        ],
        timeZone: 'Asia/Phnom_Penh',
        handling: { tlp: 'AMBER', conditions: ['H1', 'H3'], restriction: 'for the desk only' },
      };
      return input as unknown as RenderedInput;
    });

function leavesOfInput({ body, deeds }: RenderedInput, language: Language): string[] {
  const head = [body.id, body.joins!, body.case!, body.to.desk!, body.to.officer!, body.legalBasis];
  const made = [body.signedBy!.office, body.signedBy!.officer, body.signedBy!.at, 'TLP:AMBER', 'for the desk only'];
  const [{ at, body: deed }] = deeds as [RenderedInput['deeds'][number]];
  return [
    ...head,
    ...made,
    exhibit.sha256,
    exhibit.title,
    String(exhibit.bytes),
    at,
    ...written(body.necessity.text).split('\n'),
    ...written(deed.text!.text).split('\n'),
    ...leavesOfAll(requestForms[body.kind], body.details, language),
    ...leavesOfAll(answerForm, deed.facts!, language),
  ];
}

describe.each(requestKinds)('a request of the kind %s', (kind) => {
  test('loses no field in any language', () => {
    const property = fc.property(valuesOf(requestForms[kind]), language, (details, language) => {
      const lines = fieldsOf(requestForms[kind], details, language, 'Asia/Yangon');
      expect(lines.map(({ name }) => name).sort()).toEqual(Object.keys(details).sort());
      for (const { name, value } of lines)
        expectSaid(value, leavesOf(name, (requestForms[kind] as Form)[name]!, details[name], language));
    });
    fc.assert(property, { numRuns: 40 });
  });

  test('loses nothing as plain text, of lines that I-24/7 carries', () => {
    const property = fc.property(inputOf(kind), language, (input, language) => {
      const text = plainText(input, language);
      for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(69);
      expectSaid(text, leavesOfInput(input, language));
    });
    fc.assert(property, { numRuns: 15 });
  });

  test('loses nothing as a letter in two languages, and nothing in it is markup', () => {
    const property = fc.property(inputOf(kind), language, language, (input, first, second) => {
      const html = letterHtml(input, [first, second]);
      const text = unescaped(html);
      expectSaid(text, leavesOfInput(input, first));
      expectSaid(text, leavesOfInput(input, second));
      expect(html).not.toMatch(/<script|<img|<iframe|<link|\bsrc=|url\(|\son\w+=/i);
    });
    fc.assert(property, { numRuns: 10 });
  });
});

const [sample] = fc.sample(inputOf('hold'), { numRuns: 1, seed: 7 }) as [RenderedInput];
const plainHold = {
  ...sample,
  body: {
    ...sample.body,
    necessity: { language: 'th', text: 'เงินกำลังเคลื่อนย้าย' },
    details: { account: 'account:KH:bakong:sok.dara@aba', amount: { value: '15000000', currency: 'THB' } },
  },
  deeds: [],
} as unknown as RenderedInput;

test('in English everything but what was written freely is ASCII', () => {
  const text = plainText(plainHold, 'en');
  const rest = text.replace(/[\u0e00-\u0e7f]+/g, '');
  expect(rest).toMatch(/^[\x20-\x7e\n]*$/);
  expect(text).toContain('as written, in Thai');
  expect(text).toContain('Amount: THB 150,000.00 (baht)');
  expect(text).toMatch(/^REQUEST FOR COOPERATION\n/);
});

test('hostile words stay words', () => {
  const hostile = '</p><script>alert(1)</script>"\' onload=x &amp;';
  const input = {
    ...plainHold,
    body: {
      ...plainHold.body,
      legalBasis: hostile,
      to: { member: hostile, desk: hostile },
      necessity: { language: '"><b>', text: hostile },
      signedBy: { office: hostile, officer: hostile, at: hostile },
      exhibits: [{ ...exhibit, title: hostile, mediaType: hostile }],
    },
    from: hostile,
  } as unknown as RenderedInput;
  const html = letterHtml(input, ['my', 'lo']);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('<b>');
  expect(html.match(/<\/?[a-z][a-z0-9]*/g)!.every((tag) => !['<script', '<b'].includes(tag))).toBe(true);
  expect(unescaped(html)).toContain(hostile);
});

test('the two languages of a letter stand beside each other, each marked', () => {
  const html = letterHtml(plainHold, ['th', 'km']);
  expect(html).toContain('<h3 lang="th">จำนวนเงิน</h3><h3 lang="km">ចំនួនទឹកប្រាក់</h3>');
  expect(html).toContain('<blockquote lang="th">เงินกำลังเคลื่อนย้าย</blockquote>');
  expect(letterHtml(plainHold, ['th', 'th'])).toBe(letterHtml(plainHold, ['th']));
});

test('a request that nobody signed says by what it was sent', () => {
  const { signedBy: _signedBy, ...body } = plainHold.body;
  expect(plainText({ ...plainHold, body }, 'en')).toContain('by standing rule');
});

const order: Order = {
  id: uuid,
  revision: 2,
  kind: 'hold-amount',
  institution: 'kbank',
  office: 'acsc',
  subject: 'account:TH:014:1234567890',
  amount: { value: '20000000', currency: 'THB' },
  leave: { value: '100000', currency: 'THB' },
  payment: {
    from: 'account:TH:004:9876543210',
    to: 'account:TH:014:1234567890',
    amount: { value: '48000000', currency: 'THB' },
    at: '2026-11-22T01:00:00.000Z',
    reference: 'REF/1',
  },
  legalBasis: 'Decree <B.E. 2566>',
  form: 'Notice to suspend',
  safeHarbour: 'sections 6 and 7',
  callBack: '1441',
  text: { language: 'th', text: 'ด่วนที่สุด' },
  issuedAt: '2026-11-22T01:08:00.000Z',
  answerBy: '2026-11-22T01:38:00.000Z',
  until: '2026-11-25T01:08:00.000Z',
  state: 'ended',
  ended: { why: 'seized', at: '2026-11-24T01:08:00.000Z', court: 'A 12/2569' },
  exhibits: [exhibit],
  signature: 'A'.repeat(86),
};

describe('an order', () => {
  /** What it says besides codes. */
  const leaves = [
    order.id,
    '2',
    'kbank',
    'acsc',
    'TH 014 123-4-56789-0',
    'TH 004 987-6-54321-0',
    'THB 200,000.00',
    'THB 1,000.00',
    'THB 480,000.00',
    'REF/1',
    order.legalBasis,
    order.form,
    order.safeHarbour,
    order.callBack,
    'ด่วนที่สุด',
    order.issuedAt,
    order.answerBy,
    order.until!,
    order.ended!.at,
    'A 12/2569',
    exhibit.sha256,
    order.signature,
    order.payment!.at,
    exhibit.title,
  ];

  test.each(languages)('loses nothing in %s', (language) => {
    const lines = orderLines(order, language, 'Asia/Bangkok').map(({ label, value }) => `${label}: ${value}`);
    expectSaid(lines.join('\n'), leaves);
    expectSaid(unescaped(orderLetterHtml(order, [language, 'en'], 'Asia/Bangkok')), leaves);
  });

  test('that holds until it is answered says so', () => {
    const { until: _until, ended: _ended, ...rest } = order;
    const lines = orderLines({ ...rest, state: 'issued' }, 'en');
    expect(lines.find(({ name }) => name === 'until')?.value).toBe('until it is answered');
  });
});

test.each(languages)('whoever’s money is held is told everything that they need, in %s', (language) => {
  const notice = {
    member: 'th',
    institution: 'Bank {account}',
    maskedAccount: 'TH 014 ••••••90',
    amount: { value: '20000000', currency: 'THB' },
    until: '2026-11-25T01:08:00.000Z',
    legalBasis: 'Emergency Decree',
    reason: 'job-scam',
    appealTo: 'www.example.org/appeal',
    timeZone: 'Asia/Bangkok',
  } as const;
  const { subject, text } = holdNotice(notice, [language, 'en']);
  expect(subject).toContain('THB 200,000.00');
  expect(text).toContain('Bank {account}');
  for (const leaf of [
    'TH 014 ••••••90',
    'THB 200,000.00',
    ', 08:08:00 (UTC+07:00)',
    'Emergency Decree',
    'www.example.org/appeal',
  ])
    expect(text.split(leaf).length, leaf).toBeGreaterThanOrEqual(3);
  expect(text).toContain('(job scam)');
  expect(text).toContain('Kingdom of Thailand');
});

describe('the reason of an alert', () => {
  test.each([
    [
      'order.answered',
      { order: 'hold-amount', outcome: 'gone', institution: 'kbank', id: 'o1' },
      'kbank answered order o1 (Hold an amount): the money is gone.',
    ],
    [
      'request.overdue',
      { request: 'identify', clock: 'act', step: 'deputy', id: 'r1' },
      'Request r1 (Identification of a subscriber or account holder): the time for answer has passed; told: deputy head of office.',
    ],
    [
      'funds.proposed',
      { trace: 't1', amount: '20000000', currency: 'THB' },
      'Trace t1: THB 200,000.00 (baht) can be held.',
    ],
    ['funds.refused', { hold: 'h1', refusal: 'court-order-needed' }, 'Hold h1 was refused: a court order is needed.'],
    ['newer.code', { id: 'x', count: 2 }, 'newer.code (id: x, count: 2)'],
    ['constructor', {}, 'constructor'],
  ])('%s', (code, params, said) => {
    expect(reasonLine(code, params as Readonly<Record<string, string | number>>, 'en')).toBe(said);
  });

  test('says the time of the place', () => {
    const due = '2026-11-22T18:05:09.000Z';
    expect(reasonLine('funds.ending', { hold: 'h1', due }, 'th', 'Asia/Bangkok')).toContain('23 พฤศจิกายน พ.ศ. 2569');
  });

  test('loses no parameter in any language', () => {
    for (const language of languages) {
      for (const [code, sentence] of Object.entries(sentencesOf('en').reasons)) {
        const names = [...(sentence.match(/[a-zA-Z]+(?=\})/g) ?? []), 'extra'];
        const params = Object.fromEntries(names.map((name, at) => [name, `value${at}`]));
        const line = reasonLine(code, params, language);
        for (const value of Object.values(params)) expect(line, code).toContain(value);
      }
    }
  });
});
