import { isRefusal, refusal, type Refusal } from '../refusals.ts';
import { assembleAccount } from './account-number.ts';
import { countryCode } from './country.ts';
import type { Key } from './identifier.ts';

/** Merchant-presented QR codes: EMVCo QRCPS-MPM 1.1. Two digits of tag, two of length, the value; templates nest; tag 63 is a CRC. */
type Fields = ReadonlyMap<string, string>;

/** EMVCo §3.4: a code holds at most 512 characters. */
const payloadLengthMax = 512;

/** A payload begins with its format, `00 02 01`, and any real one holds at least an account, a country and a CRC. */
export function looksLikeQr(text: string): boolean {
  return text.length > 20 && /^\s{0,8}000201/.test(text);
}

/** Undefined unless tags and lengths fill the text exactly, no tag twice. */
function readFields(text: string): Fields | undefined {
  const fields = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const head = text.slice(at, at + 4);
    if (!/^\d{4}$/.test(head)) return undefined;
    const end = at + 4 + Number(head.slice(2));
    const tag = head.slice(0, 2);
    if (end > text.length || fields.has(tag)) return undefined;
    fields.set(tag, text.slice(at + 4, end));
    at = end;
  }
  return fields;
}

/** CRC-16/CCITT-FALSE: polynomial 0x1021, initial 0xFFFF, no reflection, no final XOR. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** The key of whoever the code pays. */
export function parseQr(payload: string): Key | Refusal {
  if (payload.length > payloadLengthMax) return refusal('identifier.too-long', { lengthMax: payloadLengthMax });
  const text = payload.trim();
  const bytes = new TextEncoder().encode(text);
  // The standard counts characters; codes with native merchant names in the wild count bytes. All that is read here is ASCII.
  const fields = readFields(text) ?? readFields(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  if (fields === undefined || fields.get('00') !== '01') return refusal('identifier.qr.malformed');
  // The CRC covers all before its value, so it must come last; its four characters are the last four bytes.
  const stated = fields.get('63');
  if (stated === undefined || [...fields.keys()].at(-1) !== '63' || !/^[0-9A-F]{4}$/i.test(stated)) {
    return refusal('identifier.qr.malformed');
  }
  if (Number.parseInt(stated, 16) !== crc16(bytes.subarray(0, -4))) return refusal('identifier.checksum');

  const country = countryCode(fields.get('58'));
  for (let tag = 26; tag <= 51; tag++) {
    const template = fields.get(String(tag));
    const inner = template === undefined ? undefined : readFields(template);
    const key = inner === undefined ? undefined : knownNetwork(tag, inner);
    if (key !== undefined) return key;
  }
  if (country === undefined) return refusal('identifier.qr.country');
  return otherNetwork(fields, country) ?? refusal('identifier.qr.no-account');
}

const noAccount = refusal('identifier.qr.no-account');

/** The networks of the six, told apart by their own name in sub-tag 00: tag numbers are reused from country to country. */
function knownNetwork(tag: number, inner: Fields): Key | Refusal | undefined {
  const network = inner.get('00')?.toUpperCase() ?? '';
  if (network === 'A000000677010111') return promptPay(inner);
  if (network === 'A000000677010112') return assembleAccount('TH', 'biller', inner.get('01') ?? '');
  if (network === 'A000000727') return vietQr(inner);
  if (network === 'A005266284662577') {
    const [bank, receiver] = [inner.get('01'), inner.get('03')];
    return bank === undefined || receiver === undefined
      ? noAccount
      : assembleAccount('LA', 'laoqr', `${bank}/${receiver}`);
  }
  return (tag === 29 || tag === 30) && /^[^@\s]+@[^@\s.]+$/.test(network) ? khqr(tag, network, inner) : undefined;
}

function promptPay(inner: Fields): Key | Refusal {
  const [mobile, registered, wallet, account] = ['01', '02', '03', '04'].map((tag) => inner.get(tag));
  if (mobile !== undefined) return /^0066\d{9}$/.test(mobile) ? assembleAccount('TH', 'promptpay', mobile) : noAccount;
  if (registered !== undefined)
    return /^\d{13}$/.test(registered) ? assembleAccount('TH', 'promptpay', registered) : noAccount;
  if (wallet !== undefined) return /^\d{15}$/.test(wallet) ? assembleAccount('TH', 'promptpay', wallet) : noAccount;
  return account === undefined ? noAccount : assembleAccount('TH', account.slice(0, 3), account.slice(3));
}

/** NAPAS QR 1.5: QRIBFTTA pays an account, QRIBFTTC a card. */
function vietQr(inner: Fields): Key | Refusal {
  const receiver = readFields(inner.get('01') ?? '');
  const [bank, number] = [receiver?.get('00'), receiver?.get('01')];
  if (bank === undefined || number === undefined) return noAccount;
  return assembleAccount('VN', inner.get('02') === 'QRIBFTTC' ? 'card' : bank, number);
}

/** KHQR: tag 29 pays a person, 30 a merchant. Under a bank's shared name, 01 is the person's account or the merchant's number. */
function khqr(tag: number, name: string, inner: Fields): Key | Refusal {
  const own = assembleAccount('KH', 'bakong', name);
  if (!isRefusal(own) || own.refused !== 'identifier.account.shared') return own;
  const number = inner.get('01');
  if (number === undefined) return own;
  if (tag === 30) return assembleAccount('KH', 'bakong', `${name}/${number}`);
  return assembleAccount('KH', name.slice(0, name.indexOf('@')), number);
}

const cardNetworks: readonly (readonly [tag: string, name: string])[] = [
  ['15', 'unionpay'],
  ['16', 'unionpay'],
  ['02', 'visa'],
  ['03', 'visa'],
  ['04', 'mastercard'],
  ['05', 'mastercard'],
];

/**
 * Any other network. Sub-tags 01 to 03 together, because 01 alone is the acquiring bank in some: rather two keys for a merchant who
 * changes a reference than one key for all of a bank's merchants.
 */
function otherNetwork(fields: Fields, country: string): Key | Refusal | undefined {
  for (let tag = 26; tag <= 51; tag++) {
    const inner = readFields(fields.get(String(tag)) ?? '');
    const network = inner?.get('00');
    const merchant = ['01', '02', '03']
      .map((each) => inner?.get(each) ?? '')
      .filter((each) => each !== '')
      .join('/');
    if (network !== undefined && merchant !== '') return assembleAccount(country, `emv-${network}`, merchant);
  }
  for (const [tag, name] of cardNetworks) {
    const merchant = fields.get(tag);
    if (merchant !== undefined) return assembleAccount(country, `emv-${name}`, merchant);
  }
  return undefined;
}
