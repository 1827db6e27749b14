import { refusal, type Refusal } from '../refusals.ts';

/**
 * The code that names a bank within its country, one for each bank however it was written: an account number is the bank's, not the
 * branch's, in all six countries, so branches are cut off. Schemes whose account names stand for themselves are in account.ts.
 */
export function bankCode(country: string, spelling: string): string | Refusal {
  const code = spelling.replace(/[\s\-.]/g, '').toUpperCase();
  const bank = rules[country]?.(code) ?? (rules[country] === undefined ? abroad(country, code) : undefined);
  return bank ?? refusal('identifier.account.bank-code', { country });
}

type Rule = (code: string) => string | undefined;

/** ISO 9362: the first eight characters are the institution. The country they name must be the account's. */
function bic(country: string, code: string): string | undefined {
  return /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(code) && code.slice(4, 6) === country
    ? code.slice(0, 8)
    : undefined;
}

/** Bank of Thailand codes by what victims and banks abroad write instead. */
const thaiNames = new Map(
  (
    'BBL:002 BKKBTHBK:002 KBANK:004 KBNK:004 KASITHBK:004 KTB:006 KRTHTHBK:006 TTB:011 TMB:011 TMBKTHBK:011 SCB:014 SICOTHBK:014 ' +
    'CIMBT:022 UBOBTHBK:022 UOBT:024 UOVBTHBK:024 BAY:025 AYUDTHBK:025 GSB:030 GSBATHBK:030 GHB:033 BAAC:034 BAABTHBK:034 ' +
    'TISCO:067 TFPCTHB1:067 KKP:069 KIFITHB1:069 LHB:073 LAHRTHB2:073'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, -4), pair.slice(-3)] as const),
);

function thai(code: string): string | undefined {
  if (/^\d{1,3}$/.test(code)) return /^0+$/.test(code) ? undefined : code.padStart(3, '0');
  return thaiNames.get(code) ?? (code.length === 11 ? thaiNames.get(code.slice(0, 8)) : undefined);
}

/**
 * CNAPS: three digits of institution, nine of place, branch and check. The three alone name one bank only for those that work across
 * the country (state, policy and joint-stock banks, the post bank); city and rural banks share theirs (313, 402…), so all twelve stay.
 */
function chinese(code: string): string | undefined {
  if (!/^(?:\d{3}|\d{12})$/.test(code)) return undefined;
  const institution = code.slice(0, 3);
  if (/^(?:10[2-5]|20[1-3]|30[1-9]|310|315|316|318|403)$/.test(institution)) return institution;
  return code.length === 12 ? code : undefined;
}

const rules: Readonly<Record<string, Rule>> = {
  TH: thai,
  CN: chinese,
  // NAPAS bank identification number.
  VN: (code) => (/^\d{6}$/.test(code) ? code : undefined),
  KH: (code) => bic('KH', code),
  LA: (code) => bic('LA', code),
  MM: (code) => bic('MM', code),
};

function abroad(country: string, code: string): string | undefined {
  return bic(country, code) ?? (/^[0-9A-Z]{2,12}$/.test(code) ? code : undefined);
}

/** Lengths of IBANs by country (ISO 13616 registry, SWIFT). None of the six members is in it. */
const ibanLengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 ' +
    'FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 ' +
    'LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 ' +
    'SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

/** Whether upper-case text has the form of an IBAN; whether its check digits hold is another question. */
export function hasIbanForm(text: string): boolean {
  return /^[A-Z]{2}\d{2}[0-9A-Z]+$/.test(text) && ibanLengths.get(text.slice(0, 2)) === text.length;
}
