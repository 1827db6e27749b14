import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tx } from '../platform/db.ts';
import type { ReportedRecord } from './activity.ts';
import { minorUnits } from './money.ts';
import { openTestActivity, type TestActivity } from './test-activity.ts';

let t: TestActivity;
let bank: string;
beforeEach(async () => {
  t = await openTestActivity();
  bank = await t.institution('bank-a');
});
afterEach(() => t.close());

const namespace = 'urn:iso:std:iso:20022:tech:xsd:pacs.008.001.10';

interface Transaction {
  readonly id?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly debtor?: string;
  readonly creditor?: string;
  readonly more?: string;
}

const debtorOf = `<DbtrAcct><Id><Othr><Id>0001234567</Id></Othr></Id></DbtrAcct><DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>THCBC</Cd></ClrSysId><MmbId>014</MmbId></ClrSysMmbId></FinInstnId></DbtrAgt>`;
const creditorOf = `<CdtrAgt><FinInstnId><BICFI>KASITHBKXXX</BICFI></FinInstnId></CdtrAgt><CdtrAcct><Id><Othr><Id>1234567890</Id></Othr></Id></CdtrAcct>`;

function transaction({
  id = '0001',
  amount = '1000.00',
  currency = 'THB',
  debtor = debtorOf,
  creditor = creditorOf,
  more = '',
}: Transaction = {}): string {
  return `<CdtTrfTxInf><PmtId><EndToEndId>${id}</EndToEndId></PmtId><IntrBkSttlmAmt Ccy="${currency}">${amount}</IntrBkSttlmAmt>${more}
    <Dbtr><Nm>Somchai Jaidee</Nm><PstlAdr><AdrLine>12 Elsewhere</AdrLine></PstlAdr></Dbtr>${debtor}${creditor}
    <RmtInf><Ustrd>for the noodles</Ustrd></RmtInf></CdtTrfTxInf>`;
}

function message(
  transactions: readonly string[],
  { count = transactions.length, header = '', created = '2026-01-01T07:00:00+07:00' } = {},
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="${namespace}"><FIToFICstmrCdtTrf>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>${created}</CreDtTm><NbOfTxs>${count}</NbOfTxs>${header}</GrpHdr>
    ${transactions.join('\n')}</FIToFICstmrCdtTrf></Document>`;
}

const report = (xml: string | Buffer, type = 'application/xml') =>
  t.report(bank, 'payment', xml, { type, query: '?results=all' });

async function kept(): Promise<ReportedRecord[]> {
  const seen: ReportedRecord[] = [];
  const handle = async (_: Tx, records: readonly ReportedRecord[]) => void seen.push(...records);
  await t.activity().follow({ name: 'reader', handle }).caughtUp();
  return seen;
}

describe('payments as ISO 20022 pacs.008', () => {
  test('ids and amounts are kept as they are written, and no name, address or text is kept', async () => {
    const { status, body } = await report(message([transaction()], { header: '<CtrlSum>1000</CtrlSum>' }));
    expect([status, body]).toEqual([
      200,
      { accepted: 1, known: 0, refused: 0, results: [{ line: 1, id: '0001', state: 'accepted' }] },
    ]);
    const [record] = await kept();
    expect(record!.record).toEqual({
      id: '0001',
      at: '2026-01-01T00:00:00.000Z',
      from: 'account:TH:014:0001234567',
      to: 'account:TH:004:1234567890',
      amount: { value: '100000', currency: 'THB' },
      channel: 'other',
      reference: '0001',
    });
    const [stored] = await t.db.query<{ text: string }>('SELECT text FROM activity.records');
    expect(stored!.text).not.toMatch(/Somchai|Elsewhere|noodles/);
  });

  test('prefixes, an envelope around it, IBANs, proxies and times without an offset are read', async () => {
    const more = '<AccptncDtTm>2026-01-01T06:59:59.5</AccptncDtTm>';
    const iban = '<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>';
    const proxy = '<CdtrAcct><Prxy><Tp><Cd>TELE</Cd></Tp><Id>0812345678</Id></Prxy></CdtrAcct>';
    const xml = message([transaction({ more, debtor: iban, creditor: proxy, currency: 'VND', amount: '5000' })])
      .replaceAll(/<(\/?)(?=[A-Z])/g, '<$1p:')
      .replace('xmlns=', 'xmlns:p=')
      .replace('<p:Document', '<Message><p:Document')
      .concat('</Message>');
    expect((await report(xml, 'text/xml; charset=utf-8')).body).toMatchObject({ accepted: 1 });
    expect((await kept())[0]!.record).toMatchObject({
      at: '2025-12-31T23:59:59.500Z',
      from: 'account:DE:iban:DE89370400440532013000',
      to: 'phone:+66812345678',
      amount: { value: '5000', currency: 'VND' },
    });
  });

  test('a transaction that cannot be is refused by itself; the same message again is known', async () => {
    const bad: Transaction[] = [
      { amount: '-5' },
      { amount: '0.00' },
      { amount: '9'.repeat(30) },
      { amount: '1.005' },
      { amount: '1e3' },
      { currency: 'XXX' },
      { currency: 'VND', amount: '1.50' },
      { debtor: creditorOf.replaceAll('Cdtr', 'Dbtr') },
      { debtor: '', creditor: '' },
      { id: 'NOTPROVIDED' },
      { id: 'x'.repeat(65) },
      { more: '<IntrBkSttlmAmt Ccy="THB">5</IntrBkSttlmAmt>' },
      { more: '<AccptncDtTm>2027-01-01T00:00:00Z</AccptncDtTm>' },
      { more: '<AccptncDtTm>yesterday</AccptncDtTm>' },
    ];
    const all = [
      ...bad.map((change, index) => transaction({ id: `t${index}`, ...change })),
      transaction({ id: 'good' }),
    ];
    const { body } = await report(message(all));
    expect(body).toMatchObject({ accepted: 1, refused: bad.length });
    expect(body.results.map(({ refused }) => refused)).toEqual([
      'activity.amount',
      'activity.amount-zero',
      'activity.amount-too-large',
      'activity.amount-decimals',
      'activity.amount',
      'activity.currency',
      'activity.amount-decimals',
      'activity.same-ends',
      'activity.no-end',
      'malformed.schema',
      'malformed.schema',
      'activity.currency',
      'activity.at-ahead',
      'malformed.schema',
      undefined,
    ]);
    expect((await report(message(all))).body).toMatchObject({ accepted: 0, known: 1 });
  });

  test('a header that counts or sums up something else refuses the whole message', async () => {
    const two = [transaction({ id: 'a', amount: '0.10' }), transaction({ id: 'b', amount: '0.20' })];
    const wrong = [
      message(two, { count: 3 }),
      message(two, { header: '<CtrlSum>0.31</CtrlSum>' }),
      message(two, { header: '<CtrlSum>1e1</CtrlSum>' }),
      message(two, { header: '<TtlIntrBkSttlmAmt Ccy="THB">30</TtlIntrBkSttlmAmt>' }),
      message(two, { header: '<TtlIntrBkSttlmAmt Ccy="USD">0.30</TtlIntrBkSttlmAmt>' }),
    ];
    for (const xml of wrong) expect(await report(xml)).toMatchObject({ status: 422, code: 'activity.totals' });
    expect(await kept()).toEqual([]);
    const right = message(two, {
      header: '<CtrlSum>0.3</CtrlSum><TtlIntrBkSttlmAmt Ccy="THB">0.30</TtlIntrBkSttlmAmt>',
    });
    expect((await report(right)).body.accepted).toBe(2);
  });

  test('bombs, declarations of types, hidden markup and other documents are refused with a code', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
    const good = message([transaction()]);
    const cases: [string | Buffer, string][] = [
      [good.replace('?>', `?>${bomb}`), 'malformed.xml-doctype'],
      [good.replace('?>', '?><!doctype x SYSTEM "file:///etc/passwd">'), 'malformed.xml-doctype'],
      [good.replace('0001', '<![CDATA[<CdtTrfTxInf>]]>'), 'malformed.xml-markup'],
      [good.replace('<GrpHdr>', '<!-- <CdtTrfTxInf> --><GrpHdr>'), 'malformed.xml-markup'],
      [good.replace('<GrpHdr>', '<?php x?><GrpHdr>'), 'malformed.xml-markup'],
      [good.replace('UTF-8', 'UTF-16'), 'malformed.xml-encoding'],
      [good.replace('</GrpHdr>', ''), 'malformed.xml'],
      [good.replace('</CdtTrfTxInf>', ''), 'malformed.xml'],
      [good.replace('<GrpHdr>', '<CdtTrfTxInf/><GrpHdr>'), 'malformed.xml'],
      [good.replace('<GrpHdr>', `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}<GrpHdr>`), 'malformed.xml'],
      [good.replace('<MsgId>', `<MsgId>${'x'.repeat(70_000)}`), 'too-large.xml'],
      [good.replaceAll('FIToFICstmrCdtTrf', 'FIToFIPmtStsRpt'), 'malformed.xml-not-pacs008'],
      ['<a/>', 'malformed.xml-not-pacs008'],
      ['', 'malformed.xml'],
      ['{"json":1}', 'malformed.xml'],
      [Buffer.from([0x3c, 0xff, 0x3e]), 'malformed.utf8'],
      [good.replace('0001', '00\x0001'), 'malformed.nul'],
    ];
    for (const [xml, code] of cases) {
      const answer = await report(xml);
      expect([answer.status >= 400 && answer.status < 500, answer.code]).toEqual([true, code]);
    }
    const deep = transaction({ more: `${'<a>'.repeat(3000)}${'</a>'.repeat(3000)}` });
    expect((await report(message([deep, transaction({ id: 'b' })]))).body.results.map(({ state }) => state)).toEqual([
      'refused',
      'accepted',
    ]);
    const entity = transaction({ id: '&lol;&#x41;' });
    expect((await report(message([entity]))).body.results[0]).toMatchObject({ id: '&lol;&#x41;', state: 'accepted' });
  });

  test('prototype names as elements or attributes do no harm', async () => {
    const more = '<__proto__><PmtId>1</PmtId></__proto__><constructor a="1">x</constructor><toString/>';
    expect((await report(message([transaction({ more, currency: 'THB" __proto__="1' })]))).status).toBe(200);
    expect(({} as Record<string, unknown>)['PmtId']).toBeUndefined();
  });

  test('whatever is changed in a message, the answer is a result or a refusal with a code', async () => {
    const good = message([transaction(), transaction({ id: '0002' })], { header: '<CtrlSum>2000</CtrlSum>' });
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '</',
        '/>',
        '&',
        '"',
        '<CdtTrfTxInf>',
        '</CdtTrfTxInf>',
        '<PmtId>',
        '<!',
        '<?',
        '\0',
        '-',
        '9'.repeat(40),
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const edit = fc.tuple(fc.nat(good.length), fc.nat(30), piece);
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        const xml = edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), good);
        const { status, code } = await report(xml);
        expect(status === 200 || (status >= 400 && status < 500 && typeof code === 'string')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test('money has the digits that its currency has', () => {
  expect(minorUnits('1000.00', 'THB', 'amount')).toBe('100000');
  expect(minorUnits('0.5', 'LAK', 'amount')).toBe('50');
  expect(minorUnits('7', 'MMK', 'amount')).toBe('700');
  expect(minorUnits('007', 'VND', 'amount')).toBe('7');
  expect(minorUnits('1', 'JPY', 'amount')).toBe('1');
  expect(minorUnits('9999999999999999.99', 'USD', 'amount')).toBe('999999999999999999');
  expect(minorUnits('1.0', 'JPY', 'amount')).toMatchObject({ refused: 'activity.amount-decimals' });
});
