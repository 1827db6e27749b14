import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Order } from '@bronze-drum/protocol/orders';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { Refused } from '../kernel/refusals.ts';
import { ordersSheet, readOutcomeSheet } from './sheets.ts';
import { account, openTestOrders, type TestOrders } from './test-orders.ts';

const id = '00000000-0000-4000-8000-000000000001';
const order: Order = {
  id,
  revision: 1,
  kind: 'hold-amount',
  institution: 'bank-a',
  office: 'aoc',
  subject: account,
  amount: { value: '15000000', currency: 'THB' },
  legalBasis: 'the law, "as amended"',
  form: 'notice',
  safeHarbour: 'good faith',
  callBack: '+66 2 123 4567',
  text: { language: 'en', text: '=HYPERLINK("http://evil.example")\r\n@now' },
  issuedAt: '2026-01-01T00:00:00.000Z',
  answerBy: '2026-01-01T00:30:00.000Z',
  state: 'issued',
  exhibits: [],
  signature: 'x'.repeat(86),
};

describe('a sheet of orders', () => {
  test('is CSV that no spreadsheet takes for formulas', () => {
    const [head, row] = parse(ordersSheet([order])) as [string[], string[]];
    const value = (name: string): string => row[head.indexOf(name)]!;
    expect(value('text')).toBe(`'${order.text!.text}`);
    expect(value('call_back')).toBe("'+66 2 123 4567");
    expect(value('legal_basis')).toBe('the law, "as amended"');
    expect(head.slice(-8)).toEqual(['outcome', 'held', 'gone', 'balance', 'refusal', 'reference', 'note', 'language']);
  });

  test('keeps every text whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (text) => {
        const sheet = ordersSheet([{ ...order, text: { language: 'en', text } }]);
        const [head, row] = parse(sheet) as [string[], string[]];
        const read = row[head.indexOf('text')]!;
        expect(read).not.toMatch(/^[=+\-@\t\r\n]/);
        expect(read.startsWith("'") && read !== text ? read.slice(1) : read).toBe(text);
      }),
    );
  });

  test('comes back with what was done filled in', () => {
    const plain = { ...order, text: { language: 'en', text: 'hold it' } } as const;
    const sheet = ordersSheet([plain, plain]).split('\r\n');
    const filled = sheet[1]!.replace(/,{8}$/, ",partly,11000000,4000000,,,'-7,held at noon,en");
    expect(readOutcomeSheet([sheet[0], filled, sheet[2]].join('\r\n'))).toMatchObject([
      { row: 2, id, read: { outcome: 'partly', revision: 1, held: '11000000', gone: '4000000', reference: '-7' } },
      { row: 3, id, read: undefined },
    ]);
  });

  test.each([';', '\t'])(
    'may be divided by %j, begin with a byte order mark and name its columns in any order',
    (sign) => {
      const text = `\ufeffOutcome;colour;ID\nrefused;red;${id}\n`.replaceAll(';', sign);
      expect(readOutcomeSheet(text)).toEqual([{ row: 2, id, read: { outcome: 'refused' } }]);
    },
  );

  test.each([
    ['malformed.csv', ''],
    ['malformed.csv', 'id,what\n1,2\n'],
    ['malformed.csv', `id,outcome,outcome\n${id},placed,gone\n`],
    ['malformed.csv', `id,outcome\n${id},"placed\n`],
    ['malformed.csv', `id,outcome\n${id},${'x'.repeat(70_000)}\n`],
    ['malformed.nul', `id,outcome\n${id},\0\n`],
    ['too-large.rows', `id,outcome\n${`${id},placed\n`.repeat(1001)}`],
  ])('is refused with %s when it is none', (code, text) => {
    expect(() => readOutcomeSheet(text)).toThrow(code);
  });

  test('costs a row that makes no sense only itself', () => {
    const rows = [`${id},gone`, 'x,placed', `${id},perhaps`, `${id},`, `${id},placed,1.5`, `${id},placed,,klingon,hi`];
    const read = readOutcomeSheet(`id,outcome,held,language,note\n${rows.join('\n')}\n`);
    expect(read.map((one) => (isRefusal(one.read) ? one.read.params : one.read))).toEqual([
      { outcome: 'gone' },
      { column: 'id' },
      { column: 'outcome' },
      undefined,
      { column: 'held' },
      { column: 'language' },
    ]);
  });

  test('of any content is read or refused with a code', () => {
    const cell = fc.oneof(
      fc.constantFrom(id, 'placed', 'partly', 'refused', '-1', '1e9', '=1+1', '"', "'", 'en', ''),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const line = fc.array(cell, { maxLength: 9 }).map((cells) => cells.join(','));
    const head = fc.constantFrom(
      'id,outcome,held,gone,balance,refusal,reference,note,language',
      'outcome;id;note',
      '"id","outcome"',
    );
    fc.assert(
      fc.property(head, fc.array(line, { maxLength: 8 }), (first, lines) => {
        try {
          for (const { read } of readOutcomeSheet([first, ...lines].join('\n')))
            if (isRefusal(read)) expect(read.refused).toMatch(/^malformed\./);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          expect(error.refusal.refused).toMatch(/^(malformed|too-large)\./);
        }
      }),
    );
  });
});

describe('a bank without programmers', () => {
  let room: TestOrders;
  beforeEach(async () => {
    room = await openTestOrders();
  });
  afterEach(() => room.close());

  const csv = (method: 'GET' | 'POST', url: string, payload?: string, type = 'text/csv') =>
    room.http.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${room.key('bank-a')}`,
        accept: 'text/csv',
        ...(payload !== undefined && { 'content-type': type }),
      },
      ...(payload !== undefined && { payload }),
    });

  test('takes its orders as a sheet, page by page, and gives the sheet back', async () => {
    const issued: Order[] = [];
    for (let count = 0; count < 3; count += 1) {
      issued.push(await room.issue());
      room.clock.advance(1);
    }
    const [one, two, three] = issued as [Order, Order, Order];
    const first = await csv('GET', '/v1/orders?waits=true&limit=2');
    expect(first.headers['content-type']).toContain('text/csv');
    expect(first.body).toContain(three.id);
    const next = /^<(.+)>; rel="next"$/.exec(String(first.headers['link']))![1]!;
    const second = await csv('GET', next);
    expect(second.headers['link']).toBeUndefined();
    expect(second.body).toContain(one.id);
    const rows = [`${one.id},placed,`, `${two.id},partly,99999999999`, `${id},placed,`, `${three.id},,`];
    const report = await csv('POST', '/v1/orders/outcomes', `id,outcome,held\n${rows.join('\n')}`);
    expect(report.json()).toEqual({
      answered: 1,
      refused: 2,
      skipped: 1,
      results: [
        { row: 2, id: one.id, state: 'answered', order: 'placed' },
        {
          row: 3,
          id: two.id,
          state: 'refused',
          refused: 'orders.held-too-much',
          params: { ordered: '15000000', held: '99999999999', gone: '0' },
        },
        { row: 4, id, state: 'refused', refused: 'not-found.order' },
        { row: 5, id: three.id, state: 'skipped' },
      ],
    });
  });

  test('hears with a code what is no sheet', async () => {
    expect((await csv('POST', '/v1/orders/outcomes', '{}', 'application/json')).statusCode).toBe(415);
    expect((await csv('POST', '/v1/orders/outcomes', 'a,b')).json()).toMatchObject({ code: 'malformed.csv' });
    expect((await csv('POST', '/v1/orders/outcomes', 'x'.repeat(2_000_000))).statusCode).toBe(413);
  });
});
