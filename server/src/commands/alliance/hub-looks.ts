/** As whom one enters a desk with one click: the first is who works it through the night. */
export const deskRoles = ['duty-officer', 'supervisor', 'liaison', 'analyst', 'administrator', 'auditor'] as const;
export type DeskRole = (typeof deskRoles)[number];

/** What can be looked at on a desk. */
export type View = 'situation' | 'alerts' | 'identifier' | 'trace' | 'holds' | 'request' | 'orders' | 'federation';

/** Where a step of the story is seen: on whose desk, as whom, and what. */
export interface Look {
  readonly member: 'cn' | 'kh' | 'la' | 'mm' | 'th' | 'vn';
  /** An officer by role, or an institution by its part, such as `bank 1`. */
  readonly as: DeskRole | `${'bank' | 'crypto'} ${number}`;
  readonly view: View;
  /** By its name in the cast: whose alerts, which identifier, the trace that reached it, or the request that names it. */
  readonly about?: string;
}

const seenBy =
  (member: Look['member'], as: Look['as']) =>
  (view: View, about?: string): Look => ({ member, as, view, ...(about !== undefined && { about }) });

const bangkok = seenBy('th', 'duty-officer');
const phnomPenh = seenBy('kh', 'duty-officer');
const hanoi = seenBy('vn', 'duty-officer');
const naypyidaw = seenBy('mm', 'duty-officer');
const vientiane = seenBy('la', 'duty-officer');
const ordersAt = (member: Look['member'], as: Look['as']): Look => ({ member, as, view: 'orders' });

/** By step of the story: at each, where to look first comes first. */
export const looks = {
  'myanmar-is-cut-off': [seenBy('mm', 'liaison')('federation'), seenBy('th', 'liaison')('federation')],
  'laos-lists-the-number': [seenBy('la', 'analyst')('identifier', 'caller'), bangkok('identifier', 'caller')],
  'the-call': [bangkok('situation')],
  'the-question': [bangkok('alerts', 'caller'), vientiane('alerts', 'caller')],
  'she-pays': [bangkok('alerts', 'mule')],
  'on-inside-thailand': [bangkok('alerts', 'mule-th')],
  'to-cambodia': [phnomPenh('alerts', 'mule-kh'), bangkok('situation')],
  'to-viet-nam': [hanoi('alerts', 'mule-vn')],
  'to-an-exchange': [bangkok('alerts', 'exchange')],
  'to-a-wallet': [bangkok('alerts', 'wallet')],
  'to-cash': [phnomPenh('alerts', 'mule-kh')],
  'the-noodle-shop': [bangkok('identifier', 'shop')],
  'her-own-money': [bangkok('identifier', 'mule-th')],
  'an-officer-takes-it': [bangkok('alerts', 'mule')],
  'she-calls-the-hotline': [bangkok('identifier', 'mule'), phnomPenh('identifier', 'mule')],
  'the-report': [
    bangkok('trace', 'mule'),
    seenBy('kh', 'liaison')('request', 'mule-kh'),
    ordersAt('th', 'bank 3'),
    bangkok('request', 'mule-vn'),
  ],
  'the-next-question': [bangkok('alerts', 'mule')],
  'held-at-once': [bangkok('trace', 'mule'), bangkok('holds', 'mule')],
  khmer: [bangkok('request', 'mule-kh'), seenBy('kh', 'liaison')('request', 'mule-kh')],
  'partly-in-cambodia': [phnomPenh('holds', 'mule-kh'), phnomPenh('trace', 'mule-kh'), bangkok('trace', 'mule')],
  'onward-from-cambodia': [phnomPenh('trace', 'mule-kh')],
  'all-at-once': [bangkok('holds', 'mule'), ordersAt('th', 'bank 1'), ordersAt('th', 'crypto 1')],
  'two-hundred-thousand': [bangkok('trace', 'mule'), bangkok('holds', 'mule')],
  'gone-at-the-exchange': [bangkok('trace', 'mule')],
  signed: [seenBy('vn', 'liaison')('request', 'mule-vn'), seenBy('th', 'liaison')('request', 'mule-vn')],
  'held-in-viet-nam': [bangkok('trace', 'mule'), hanoi('trace', 'mule-vn'), phnomPenh('trace', 'mule-kh')],
  'myanmar-is-back': [naypyidaw('identifier', 'mule'), seenBy('mm', 'liaison')('federation')],
  closing: [bangkok('trace', 'mule'), bangkok('situation')],
} as const satisfies Readonly<Record<string, readonly Look[]>>;

export type StepId = keyof typeof looks;

export const isStep = (id: string): id is StepId => Object.hasOwn(looks, id);

export const looksOf = (step: string): readonly Look[] => (isStep(step) ? looks[step] : []);
