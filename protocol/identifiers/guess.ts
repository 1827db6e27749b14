import { isRefusal, refusal } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import { account } from './account.ts';
import { company } from './company.ts';
import { device } from './device.ts';
import { foldDigits } from './digits.ts';
import { domain, hasKnownSuffix } from './domain.ts';
import { email } from './email.ts';
import { handle } from './handle.ts';
import type { Hints, Key } from './identifier.ts';
import { ip } from './ip.ts';
import { person } from './person.ts';
import { phone } from './phone.ts';
import { looksLikeQr, parseQr } from './qr.ts';
import { sim } from './sim.ts';
import { trimmed } from './spelling.ts';
import { hostOf, url } from './url.ts';
import { wallet } from './wallet.ts';
import { toUnicode } from './zawgyi.ts';

/**
 * How sure a reading is. `certain`: the text says so by its form, a checksum or a known ending. `likely`: the form and
 * what the asker knows agree. `possible`: nothing speaks against it; worth offering to a person, never to be taken
 * without one.
 */
const certainties = ['certain', 'likely', 'possible'] as const;

type Certainty = (typeof certainties)[number];

interface Candidate {
  readonly key: Key;
  readonly certainty: Certainty;
}

/** All readings of a text whose type nobody named, the surest first, each key once. */
export function candidates(text: string, hints: Hints | undefined): readonly Candidate[] {
  if (looksLikeQr(text)) return kept([[parseQr(text), 'certain']]);
  const spelling = trimmed(text);
  const network = kept(networkReadings(spelling, hints));
  if (network[0]?.certainty === 'certain') return network;
  const readings = network.map(({ key, certainty }): Reading => [key, certainty]);
  return kept([...readings, ...numberReadings(toUnicode(spelling), hints)]);
}

type Reading = readonly [key: Key | Refusal, certainty: Certainty];

function kept(readings: readonly Reading[]): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const wanted of certainties) {
    for (const [key, certainty] of readings) {
      if (certainty !== wanted || isRefusal(key) || found.some((candidate) => candidate.key === key)) continue;
      found.push({ key, certainty });
    }
  }
  return found;
}

/** Addresses, sites, links, mail, wallets and handles: their forms hardly overlap. */
function networkReadings(text: string, hints: Hints | undefined): readonly Reading[] {
  const address = ip.parse(text);
  if (!isRefusal(address)) return [[address, 'certain']];
  const readings: Reading[] = [
    [wallet.parse(text), 'certain'],
    // "line up" is no account at LINE; a colon, an @ or a link makes it one.
    [handle.parse(text, hints), /[:@/：＠]/.test(text) ? 'certain' : 'possible'],
  ];
  const mail = email.parse(text);
  if (!isRefusal(mail))
    readings.push([mail, hasKnownSuffix(mail.slice(mail.lastIndexOf('@') + 1)) ? 'certain' : 'likely']);
  const site = domain.parse(text);
  // "notes.txt" and "Mr.Somchai" have the form of a site; only a real ending makes them one.
  if (!isRefusal(site) && hasKnownSuffix(site.slice('domain:'.length))) readings.push([site, 'certain']);
  if (isRefusal(site)) readings.push([linkReading(text), kept(readings).length === 0 ? 'certain' : 'possible']);
  return readings;
}

/**
 * A link says that it is one by a scheme, or by a path or port behind a host that can exist; a bare host is a site or
 * nothing.
 */
function linkReading(text: string): Key | Refusal {
  const link = url.parse(text);
  if (isRefusal(link) || /^h(?:tt|xx|\*\*)ps?[[:：]/i.test(text)) return link;
  const host = hostOf(link.slice('url:'.length));
  const says = /[/:]/.test(text) && (/^[\d.]+$|:/.test(host) || hasKnownSuffix(host));
  return says ? link : refusal('identifier.unrecognised');
}

/** Numbers look like one another: few are certain, by a sign of their own, and the rest is for the asker to choose. */
function numberReadings(text: string, hints: Hints | undefined): readonly Reading[] {
  const folded = foldDigits(text);
  if (!/[\d@]/.test(folded)) return [];
  const certainIf = (sign: RegExp): Certainty => (sign.test(folded) ? 'certain' : 'likely');
  const money: Reading = [account.parse(text, hints), accountCertainty(folded)];
  const call: Reading = [phone.parse(text, hints), certainIf(/^(?:\+|tel:)/i)];
  return [
    // Whoever names a bank is asking about an account.
    ...(hints?.bank === undefined ? [call, money] : [money, call]),
    [device.parse(text, hints), certainIf(/^imei/i)],
    [
      sim.parse(text, hints),
      /^(?:iccid|imsi)/i.test(folded) ? 'certain' : membersSim.test(folded) ? 'likely' : 'possible',
    ],
    // Register and document numbers have hardly a form in some of the countries; and a person is never named by
    // guessing.
    [company.parse(text, hints), 'possible'],
    [person.parse(text, hints), 'possible'],
  ];
}

/** An ICCID's industry prefix (ITU-T E.118), or the mobile country codes of the six. */
const membersSim = /^(?:89|460|461|457|456|414|520|452)/;

/** `name@bank`, `TH:014:…`, an IBAN, a scheme; but before a single colon many a word has the form of a bank's code. */
function accountCertainty(text: string): Certainty {
  if (/@|^[A-Z]{2}:[^:]+:|^[A-Z]{2}\d\d *[A-Z]|^(?:bakong|promptpay|biller|laoqr|card|iban):/i.test(text))
    return 'certain';
  return text.includes(':') ? 'possible' : 'likely';
}
