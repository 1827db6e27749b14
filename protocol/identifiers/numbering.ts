/**
 * The six numbering plans: which first digits a national (significant) number can have, and how long it is then. This is the shape,
 * not the list of ranges handed out: those change monthly, and a number that was never assigned is still what the victim saw.
 */
export interface NumberingPlan {
  readonly country: string;
  readonly callingCode: string;
  /** By the first two digits, the possible lengths as a set of bits. */
  readonly lengths: Uint16Array;
  /** Whether dialling abroad takes a third digit naming the carrier (Thailand 001, 007, 008, 009…; Cambodia 001, 007, 008…). */
  readonly carrierAbroad: boolean;
  readonly mobile: RegExp;
}

/** `rules` reads "1:7-9 41:8": numbers beginning with 1 have 7 to 9 digits, those with 41 have 8 besides. */
function plan(
  country: string,
  callingCode: string,
  rules: string,
  mobile: RegExp,
  carrierAbroad = false,
): NumberingPlan {
  const lengths = new Uint16Array(100);
  for (const rule of rules.split(' ')) {
    const [leads = '', ranges = ''] = rule.split(':');
    const first = Number(leads.padEnd(2, '0'));
    const last = Number(leads.padEnd(2, '9'));
    for (const range of ranges.split(',')) {
      const [from = 0, to = from] = range.split('-').map(Number);
      for (let lead = first; lead <= last; lead++) {
        for (let length = from; length <= to; length++) lengths[lead] = (lengths[lead] ?? 0) | (1 << length);
      }
    }
  }
  return { country, callingCode, lengths, carrierAbroad, mobile };
}

export const china = plan(
  'CN',
  '86',
  // 12 digits: only 10 800 and 21 800, toll-free for callers abroad. A mobile with a digit too many must not pass for one.
  '1:7-8,10-11 10:12 2:7-8,10 21:12 6:7-10 3:7-11 4:7-11 5:7-11 7:7-11 9:7-11 ' +
    '80:7-11 81:7-11 82:7-11 83:7-11 84:7-11 85:7-11 86:7-8 87:7-11 88:7-11 89:7-11',
  /^1[3-9]\d{9}$/,
);
export const cambodia = plan(
  'KH',
  '855',
  '1:8-10 2:8-9 3:8-9 4:8-9 5:8-9 6:8-9 7:8-9 8:8-9 9:8-9',
  /^(?:[16-9]|3[18])\d{7,8}$/,
  true,
);
export const laos = plan('LA', '856', '2:8,10 3:8-9 41:8 5:8 6:8 7:8 8:8', /^(?:20\d{8}|30\d{7})$/);
export const myanmar = plan(
  'MM',
  '95',
  '1:6-8 2:6-9 4:7-9 5:7-9 6:7-9 7:7-9 8:7-10 90:8-10 91:8-10 92:8-10 93:8-10 94:8-10 95:8 96:8-10 97:8-10 98:8-10 99:8-10',
  /^9\d{7,9}$/,
);
// 001 800 and seven digits is Thailand's toll-free service for callers abroad.
export const thailand = plan('TH', '66', '00:13 1:8-10 2:8 3:8 4:8 5:8 7:8 6:9 8:9 9:9', /^[689]\d{8}$/, true);
export const vietNam = plan('VN', '84', '1:7-10 2:10 3:9 5:9 6:7-9 7:7,9 8:9 9:9', /^[35789]\d{8}$/);

const plans: readonly NumberingPlan[] = [china, cambodia, laos, myanmar, thailand, vietNam];

export function planOfCountry(country: string): NumberingPlan | undefined {
  return plans.find((each) => each.country === country);
}

/** Viet Nam shortened its eleven-digit mobiles to ten between 15 September and 14 October 2018; both name the same subscriber. */
const renumbered2018 = new Map(
  (
    '120:70 121:79 122:77 126:76 128:78 123:83 124:84 125:85 127:81 129:82 ' +
    '162:32 163:33 164:34 165:35 166:36 167:37 168:38 169:39 186:56 188:58 199:59'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, 3), pair.slice(4)] as const),
);

/** Which lengths digits with this beginning can have. */
export function lengthsFor(plan: NumberingPlan, national: string): number {
  return plan.lengths[(national.charCodeAt(0) - 48) * 10 + national.charCodeAt(1) - 48] ?? 0;
}

/** The subscriber's number as it is today, or undefined when the plan has no such number. */
export function presentNumber(plan: NumberingPlan, national: string): string | undefined {
  if (national.length < 2 || (lengthsFor(plan, national) & (1 << national.length)) === 0) return undefined;
  if (plan === vietNam && national.length === 10 && national.charCodeAt(0) === 49) {
    const prefix = renumbered2018.get(national.slice(0, 3));
    if (prefix !== undefined) return prefix + national.slice(3);
    return national.startsWith('1800') || national.startsWith('1900') ? national : undefined;
  }
  if (plan === china && national.length === 12) return /^(?:10|21)800/.test(national) ? national : undefined;
  if (plan === thailand && national.charCodeAt(0) === 48) return national.startsWith('001800') ? national : undefined;
  return national;
}

/** The member whose calling code the digits begin with: the slow sister of the parser's own look at the characters. */
export function planOfCallingCode(digits: string): NumberingPlan | undefined {
  return plans.find((each) => digits.startsWith(each.callingCode));
}
