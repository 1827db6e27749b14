import { countryCode } from '@bronze-drum/protocol/identifiers/country';
import { isRefusal, refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { instantText, minuteMs } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import { lineBytesMax, linesMax } from './contract.ts';
import { minorUnits, scaled } from './money.ts';
import { nodeAt, readXml, textAt, xmlText, type XmlNode } from './xml.ts';

/** One transaction of a message, as a payment record to be read like any other, or why it is none. */
export interface ReadTransaction {
  readonly line: { readonly value: unknown } | { readonly refusal: Refusal };
  /** As the message says it, for its totals. */
  readonly amount: bigint | undefined;
  readonly currency: string | undefined;
}

export interface Pacs008Message {
  readonly count: number;
  read(index: number): ReadTransaction;
  /** Refuses the whole if the header counts or sums up something else: `activity.totals`. */
  checkTotals(transactions: readonly ReadTransaction[]): void;
}

const skeletonBytesMax = 64 * 1024;

/**
 * ISO 20022 pacs.008.001.xx, customers' payments between institutions. Names, addresses and what the payer wrote
 * are not kept. `country` is whose national codes apply where a message names none; `timeZone` is that of times without one.
 */
export function openPacs008(home: { readonly country: string; readonly timeZone: string }) {
  const offsetOf = openOffsets(home.timeZone);
  return {
    /** Refuses with `malformed.…` or `too-large.…` what is no such message. Its transactions are read one by one. */
    open(bytes: Uint8Array): Pacs008Message {
      const { skeleton, transactions } = partsOf(xmlText(bytes));
      const root = readXml(skeleton) ?? refuse('malformed.xml');
      const message = messageOf(root) ?? refuse('malformed.xml-not-pacs008');
      const header = nodeAt(message, 'GrpHdr') ?? refuse('malformed.xml-not-pacs008');
      const created = textAt(header, 'CreDtTm');
      return {
        count: transactions.length,
        read: (index) => readTransaction(transactions[index]!, { home, created, offsetOf }),
        checkTotals: (read) => checkTotals(header, read),
      };
    },
  };
}

/** Cuts the transactions out, so that a large message need not be read in one go. */
function partsOf(text: string): { skeleton: string; transactions: string[] } {
  const transactions: string[] = [];
  let skeleton = '';
  let end = 0;
  let opened: { at: number; name: string } | undefined;
  for (const tag of text.matchAll(/<(\/?)((?:[\w.-]{1,64}:)?CdtTrfTxInf)(?:\s[^<>]*)?\/?>/g)) {
    const [all, slash, name = ''] = tag;
    if (slash === '') {
      if (opened !== undefined || all.endsWith('/>')) refuse('malformed.xml');
      opened = { at: tag.index, name };
      skeleton += text.slice(end, tag.index);
      if (transactions.length === linesMax) refuse('too-large.lines', { linesMax });
      continue;
    }
    if (opened?.name !== name) return refuse('malformed.xml');
    end = tag.index + all.length;
    transactions.push(text.slice(opened.at, end));
    opened = undefined;
  }
  if (opened !== undefined) refuse('malformed.xml');
  skeleton += text.slice(end);
  if (skeleton.length > skeletonBytesMax) refuse('too-large.xml');
  return { skeleton, transactions };
}

/** The message in its document, which may stand in an envelope of the network's own. */
function messageOf(root: XmlNode): XmlNode | undefined {
  const inDocument = (node: XmlNode): XmlNode | undefined => nodeAt(node, 'Document', 'FIToFICstmrCdtTrf');
  const direct = inDocument(root);
  if (direct !== undefined || typeof root === 'string') return direct;
  for (const name of Object.keys(root)) {
    const node = nodeAt(root, name);
    const inside = node === undefined ? undefined : inDocument(node);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

interface Context {
  readonly home: { readonly country: string };
  readonly created: string | undefined;
  readonly offsetOf: (atMs: number) => number;
}

function readTransaction(text: string, context: Context): ReadTransaction {
  const none = { amount: undefined, currency: undefined };
  if (text.length > lineBytesMax)
    return { line: { refusal: refusal('too-large.line', { bytesMax: lineBytesMax }) }, ...none };
  const [node] = (readXml(text)?.['CdtTrfTxInf'] as XmlNode[] | undefined) ?? [];
  if (node === undefined) return { line: { refusal: refusal('malformed.xml') }, ...none };
  const decimal = textAt(node, 'IntrBkSttlmAmt') ?? '';
  const currency = textAt(node, 'IntrBkSttlmAmt', '@_Ccy') ?? '';
  const value = paymentOf(node, decimal, currency, context);
  const line = isRefusal(value) ? { refusal: value } : { value };
  return { line, amount: scaled(decimal), currency };
}

function paymentOf(node: XmlNode, decimal: string, currency: string, context: Context): object | Refusal {
  const field = (name: string) => ({ field: name });
  const named = (name: string): string | undefined => {
    const said = textAt(node, 'PmtId', name);
    return said === 'NOTPROVIDED' ? undefined : said;
  };
  const id = named('UETR') ?? named('TxId') ?? named('EndToEndId');
  if (id === undefined) return refusal('malformed.schema', { field: 'id', rule: 'required' });
  const value = minorUnits(decimal, currency, 'amount');
  if (isRefusal(value)) return value;
  const at = instantOf(textAt(node, 'AccptncDtTm') ?? context.created ?? '', context.offsetOf);
  if (at === undefined) return refusal('malformed.schema', { ...field('at'), rule: 'instant' });
  const from = endOf(node, 'Dbtr', context.home.country);
  const to = endOf(node, 'Cdtr', context.home.country);
  const reference = named('UETR') ?? named('EndToEndId');
  return {
    id,
    at,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    amount: { value, currency },
    channel: 'other',
    ...(reference !== undefined && { reference }),
  };
}

/** An account by its IBAN, else by its number and its agent's code, else by its proxy. */
function endOf(node: XmlNode, side: 'Dbtr' | 'Cdtr', country: string): string | undefined {
  const account = nodeAt(node, `${side}Acct`);
  const iban = textAt(account, 'Id', 'IBAN');
  if (iban !== undefined) return `iban:${iban}`;
  const number = textAt(account, 'Id', 'Othr', 'Id');
  const proxy = textAt(account, 'Prxy', 'Id');
  if (number === undefined) return proxy;
  const agent = nodeAt(node, `${side}Agt`, 'FinInstnId');
  const bic = textAt(agent, 'BICFI');
  if (bic !== undefined) return `${bic.slice(4, 6)}:${bic}:${number}`;
  const bank = textAt(agent, 'ClrSysMmbId', 'MmbId');
  if (bank === undefined) return number;
  // The codes of clearing systems begin with their country: THCBC, CNAPS.
  const system = countryCode(textAt(agent, 'ClrSysMmbId', 'ClrSysId', 'Cd')?.slice(0, 2));
  return `${system ?? country}:${bank}:${number}`;
}

const instantForm = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?$/;

/** An ISO 8601 time as our instants are written. One without its offset is in the member's own time. */
function instantOf(text: string, offsetOf: (atMs: number) => number): string | undefined {
  const [, seconds, fraction = '', zone] = instantForm.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const atMs = Date.parse(`${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${zone ?? 'Z'}`);
  if (Number.isNaN(atMs)) return undefined;
  const inUtc = zone === undefined ? atMs - offsetOf(atMs) : atMs;
  const written = instantText(inUtc);
  return written.length === 24 ? written : undefined;
}

/** How far a zone is ahead of UTC, in milliseconds. */
function openOffsets(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (atMs) => {
    const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minuteMs;
  };
}

function checkTotals(header: XmlNode, read: readonly ReadTransaction[]): void {
  const count = textAt(header, 'NbOfTxs');
  if (count === undefined || !/^\d{1,15}$/.test(count) || Number(count) !== read.length)
    refuse('activity.totals', { field: 'NbOfTxs' });
  const sum = read.reduce((total, { amount }) => total + (amount ?? 0n), 0n);
  const control = textAt(header, 'CtrlSum');
  if (control !== undefined && scaled(control) !== sum) refuse('activity.totals', { field: 'CtrlSum' });
  const total = textAt(header, 'TtlIntrBkSttlmAmt');
  if (total === undefined) return;
  const currency = textAt(header, 'TtlIntrBkSttlmAmt', '@_Ccy');
  if (scaled(total) !== sum || read.some((each) => each.currency !== currency))
    refuse('activity.totals', { field: 'TtlIntrBkSttlmAmt' });
}
