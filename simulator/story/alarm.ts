import { cash, heldInThailand, orderAt, toCambodia, toVietNam, victimReport } from './parts.ts';
import type { Step } from './story.ts';
import { amber, baht, minutes } from './wording.ts';

const received = ['received', 'acknowledged', 'in-work', 'partly-answered', 'answered'] as const;
const atWork = received.slice(1);

/** The victim calls within minutes, and the money is stopped where it still is. */
export const alarm: readonly Step[] = [
  {
    id: 'her-own-money',
    at: 178,
    says: 'The holder of that account is paid 5,000 in wages too. They are nobody’s loot, and no hold reaches them.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'bank 3' },
      activity: 'payment',
      record: {
        from: '{employer}',
        to: '{mule-th}',
        amount: baht(5000),
        channel: 'other',
        side: 'receiver',
        balanceAfter: '19900000',
        reference: 'story-{run}-6',
      },
    },
  },
  {
    id: 'an-officer-takes-it',
    at: 300,
    says: 'A duty officer in Bangkok takes the alert about the first account.',
    does: { kind: 'take', by: { member: 'th', officer: 'duty-officer' }, subject: '{mule}' },
    expects: [
      {
        kind: 'alert',
        member: 'th',
        officer: 'duty-officer',
        subject: '{mule}',
        reason: 'suspected-activity',
        state: 'taken',
      },
    ],
  },
  {
    id: 'she-calls-the-hotline',
    at: 360,
    says: 'Six minutes after she paid, she calls 1441. The officer lists the account that she paid to, for all members.',
    does: {
      kind: 'list',
      by: { member: 'th', officer: 'duty-officer' },
      listing: {
        identifier: '{mule}',
        tier: 'victim',
        typologies: ['impersonation-official', 'mule-account'],
        offence: 'telecom-online-fraud',
        grading: { source: 'B', information: 1 },
        grounds: 'A victim named it to the hotline as the account to which she was made to pay',
        audience: 'alliance',
        handling: amber,
      },
    },
    expects: [
      { kind: 'listed', member: 'kh', identifier: '{mule}', by: ['th'] },
      { kind: 'listed', member: 'vn', identifier: '{mule}', by: ['th'] },
      { kind: 'told', to: { member: 'th', institution: 'bank 2' }, subject: '{mule}', reason: 'own-listing' },
      { kind: 'untouched', identifier: '{shop}' },
    ],
  },
  {
    id: 'the-report',
    at: 362,
    says: 'The same officer writes down what she paid, and when. Her bank has confirmed it. The trace opens: what is left in Thailand is ordered to be held at once by the standing rule, and Phnom Penh and Hanoi are asked to go on.',
    does: { kind: 'report-victim', by: { member: 'th', officer: 'duty-officer' }, report: victimReport },
    expects: [
      heldInThailand('{mule-th}', 194_000, ['ordered', 'held']),
      orderAt({ member: 'th', institution: 'bank 3' }, '{mule-th}', ['issued']),
      { kind: 'request', member: 'kh', request: toCambodia, states: received },
      {
        kind: 'held',
        member: 'kh',
        trace: '{mule-kh}',
        account: '{mule-kh}',
        amount: baht(150_000),
        states: ['ordered'],
      },
      { kind: 'request', member: 'th', request: toVietNam, states: ['refused'], refusal: 'missing-signature' },
    ],
  },
  {
    id: 'the-next-question',
    at: 370,
    says: 'Another customer of another bank is about to pay the same account: hold.',
    does: { kind: 'screen', by: { member: 'th', institution: 'bank 3' }, identifiers: ['{mule}', '{shop}'] },
    expects: [
      { kind: 'advice', identifier: '{mule}', advice: 'hold' },
      { kind: 'advice', identifier: '{shop}', advice: 'clear' },
      { kind: 'alert', member: 'th', officer: 'duty-officer', subject: '{mule}', reason: 'screening-hit' },
    ],
  },
  {
    id: 'held-at-once',
    at: 380,
    says: 'The bank of the second account has put 194,000 aside, twenty seconds after it was told.',
    does: {
      kind: 'answer-order',
      by: { member: 'th', institution: 'bank 3' },
      order: 'hold-amount',
      subject: '{mule-th}',
      outcome: { outcome: 'placed', reference: 'story-{run}' },
    },
    expects: [heldInThailand('{mule-th}', 194_000, ['held'])],
  },
  {
    id: 'khmer',
    at: 400,
    says: 'The liaison officer on duty in Phnom Penh acknowledges, in Khmer.',
    does: {
      kind: 'acknowledge',
      by: { member: 'kh', officer: 'liaison' },
      request: toCambodia,
      text: {
        language: 'km',
        text: 'យើងខ្ញុំបានទទួលសំណើនេះហើយ។ ធនាគារត្រូវបានបង្គាប់ឱ្យផ្អាកប្រាក់ដែលនៅសល់។',
      },
    },
    expects: [{ kind: 'request', member: 'th', request: toCambodia, states: atWork, language: 'km' }],
  },
  {
    id: 'partly-in-cambodia',
    at: 420,
    says: 'The bank in Phnom Penh holds 110,000. 40,000 were drawn as cash before.',
    does: {
      kind: 'answer-order',
      by: { member: 'kh', institution: 'bank 3' },
      order: 'hold-amount',
      subject: '{mule-kh}',
      outcome: { outcome: 'partly', held: '11000000', gone: '4000000', onward: [cash] },
    },
    expects: [
      {
        kind: 'held',
        member: 'kh',
        trace: '{mule-kh}',
        account: '{mule-kh}',
        amount: baht(110_000),
        states: ['partly'],
      },
    ],
  },
  {
    id: 'onward-from-cambodia',
    at: 430,
    says: 'It was also asked where the money went on to, and names the machine. Nobody streams payments there.',
    does: {
      kind: 'answer-order',
      by: { member: 'kh', institution: 'bank 3' },
      order: 'report-onward',
      subject: '{mule-kh}',
      outcome: { outcome: 'placed', onward: [cash] },
    },
    expects: [{ kind: 'lost', member: 'kh', trace: '{mule-kh}', amount: baht(40_000) }],
  },
  {
    id: 'all-at-once',
    at: 480,
    says: 'Eight minutes after she paid, the officer orders all holds that the trace proposes in Thailand, in one act. The noodle shop’s 6,000 are among them.',
    does: { kind: 'order-holds', by: { member: 'th', officer: 'duty-officer' }, trace: '{mule}' },
    expects: [
      orderAt({ member: 'th', institution: 'bank 1' }, '{shop}', ['issued']),
      orderAt({ member: 'th', institution: 'crypto 1' }, '{wallet}', ['issued']),
    ],
  },
  {
    id: 'two-hundred-thousand',
    at: 495,
    says: 'The noodle shop’s bank holds its 6,000: together 200,000 are held in Thailand.',
    does: {
      kind: 'answer-order',
      by: { member: 'th', institution: 'bank 1' },
      order: 'hold-amount',
      subject: '{shop}',
      outcome: { outcome: 'placed' },
    },
    expects: [
      {
        kind: 'held',
        member: 'th',
        trace: '{mule}',
        amount: baht(200_000),
        states: ['held', 'partly'],
      },
    ],
  },
  {
    id: 'gone-at-the-exchange',
    at: 510,
    says: 'The exchange answers: gone. The coins have left the wallet.',
    does: {
      kind: 'answer-order',
      by: { member: 'th', institution: 'crypto 1' },
      order: 'hold-amount',
      subject: '{wallet}',
      outcome: { outcome: 'gone', gone: '4000000' },
    },
    expects: [orderAt({ member: 'th', institution: 'crypto 1' }, '{wallet}', ['gone'])],
  },
  {
    id: 'signed',
    at: 540,
    says: 'Hanoi’s law asks for an officer’s signature. The liaison officer in Bangkok signs the request, and it goes out anew.',
    does: { kind: 'sign', by: { member: 'th', officer: 'liaison' }, request: toVietNam },
    expects: [
      { kind: 'request', member: 'vn', request: toVietNam, states: received },
      orderAt({ member: 'vn', institution: 'bank 1' }, '{mule-vn}', ['issued']),
    ],
  },
  {
    id: 'held-in-viet-nam',
    at: 570,
    says: 'The bank in Hanoi holds all of its 90,000. Of 480,000 baht, 400,000 are held in three countries; 80,000 are cash and coins.',
    does: {
      kind: 'answer-order',
      by: { member: 'vn', institution: 'bank 1' },
      order: 'hold-amount',
      subject: '{mule-vn}',
      outcome: { outcome: 'placed' },
    },
    expects: [
      {
        kind: 'held',
        member: 'vn',
        trace: '{mule-vn}',
        account: '{mule-vn}',
        amount: baht(90_000),
        states: ['held'],
      },
      { kind: 'lost', member: 'th', trace: '{mule}', amount: baht(80_000) },
    ],
  },
  {
    id: 'myanmar-is-back',
    at: minutes(20),
    says: 'Naypyidaw’s line is mended. Its server catches up by itself, and knows what was listed meanwhile.',
    does: { kind: 'join', member: 'mm' },
    expects: [
      { kind: 'listed', member: 'mm', identifier: '{caller}', by: ['la'] },
      { kind: 'listed', member: 'mm', identifier: '{mule}', by: ['th'] },
    ],
  },
];
