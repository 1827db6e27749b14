import { cash, heldInThailand, orderAt, toCambodia, toVietNam, victimReport } from './parts.ts';
import type { Step, Story } from './story.ts';
import { theft } from './theft.ts';
import { baht, hours, minutes } from './wording.ts';

const draws = (id: string, at: number, amount: number, says: string): Step => ({
  id,
  at,
  says,
  does: {
    kind: 'report',
    by: { member: 'th', institution: 'bank 3' },
    activity: 'payment',
    record: { from: '{mule-th}', amount: baht(amount), channel: 'atm', reference: `story-{run}-${id}` },
  },
});

const late = (minute: number): number => hours(19) + minutes(minute);

const reported: readonly Omit<Step, 'virtual'>[] = [
  {
    id: 'the-report',
    at: late(0),
    says: 'She did not dare to tell anybody. Her son calls the hotline the next day, nineteen hours after she paid.',
    does: { kind: 'report-victim', by: { member: 'th', officer: 'duty-officer' }, report: victimReport },
    expects: [
      heldInThailand('{mule-th}', 12_000, ['ordered', 'held']),
      { kind: 'request', member: 'th', request: toVietNam, states: ['refused'], refusal: 'missing-signature' },
    ],
  },
  {
    id: 'what-is-left',
    at: late(2),
    says: 'The bank of the second account still has 12,000 of it.',
    does: {
      kind: 'answer-order',
      by: { member: 'th', institution: 'bank 3' },
      order: 'hold-amount',
      subject: '{mule-th}',
      outcome: { outcome: 'placed' },
    },
    expects: [heldInThailand('{mule-th}', 12_000, ['held'])],
  },
  {
    id: 'gone-in-cambodia',
    at: late(4),
    says: 'In Phnom Penh all of it was drawn as cash.',
    does: {
      kind: 'answer-order',
      by: { member: 'kh', institution: 'bank 3' },
      order: 'hold-amount',
      subject: '{mule-kh}',
      outcome: {
        outcome: 'gone',
        gone: '15000000',
        onward: [cash, { ...cash, amount: baht(110_000), at: '{at-more-cash}' }],
      },
    },
    expects: [
      {
        kind: 'request',
        member: 'th',
        request: toCambodia,
        states: ['received', 'in-work', 'partly-answered', 'answered'],
      },
      { kind: 'lost', member: 'kh', trace: '{mule-kh}', amount: baht(150_000) },
    ],
  },
  {
    id: 'all-that-is-proposed',
    at: late(6),
    says: 'The officer orders all holds that the trace proposes.',
    does: { kind: 'order-holds', by: { member: 'th', officer: 'duty-officer' }, trace: '{mule}' },
    expects: [orderAt({ member: 'th', institution: 'crypto 1' }, '{wallet}', ['issued'])],
  },
  {
    id: 'gone-at-the-exchange',
    at: late(8),
    says: 'The exchange answers: gone.',
    does: {
      kind: 'answer-order',
      by: { member: 'th', institution: 'crypto 1' },
      order: 'hold-amount',
      subject: '{wallet}',
      outcome: { outcome: 'gone', gone: '4000000' },
    },
  },
  {
    id: 'spent-at-the-shop',
    at: late(9),
    says: 'The noodle shop’s bank says that the 6,000 were spent on rice long ago.',
    does: {
      kind: 'answer-order',
      by: { member: 'th', institution: 'bank 1' },
      order: 'hold-amount',
      subject: '{shop}',
      outcome: { outcome: 'gone', gone: '600000' },
    },
  },
  {
    id: 'signed',
    at: late(10),
    says: 'Bangkok signs what Hanoi asked it to sign.',
    does: { kind: 'sign', by: { member: 'th', officer: 'liaison' }, request: toVietNam },
    expects: [orderAt({ member: 'vn', institution: 'bank 1' }, '{mule-vn}', ['issued'])],
  },
  {
    id: 'gone-in-viet-nam',
    at: late(12),
    says: 'There it went on to gold within the hour. Of 480,000 baht, 12,000 are saved.',
    does: {
      kind: 'answer-order',
      by: { member: 'vn', institution: 'bank 1' },
      order: 'hold-amount',
      subject: '{mule-vn}',
      outcome: {
        outcome: 'gone',
        gone: '9000000',
        onward: [{ from: '{mule-vn}', amount: baht(90_000), at: '{at-gold}' }],
      },
    },
    expects: [{ kind: 'lost', member: 'th', trace: '{mule}', amount: baht(468_000) }],
  },
];

/** The common variant: the same theft, told after nineteen hours, when most of it is cash and coins. */
export const reportedLate: Story = {
  id: 'reported-late',
  title: 'Told a day later',
  steps: [
    ...theft,
    draws('drawn-in-bangkok', minutes(10), 90_000, 'A young man draws 90,000 of it at machines in Bangkok.'),
    draws('drawn-again', minutes(21), 92_000, 'And 92,000 more, at others.'),
    {
      id: 'more-cash',
      at: minutes(30),
      says: 'In Phnom Penh the rest is drawn over a counter. Nobody else sees it.',
      does: { kind: 'nothing' },
    },
    {
      id: 'gold',
      at: minutes(50),
      says: 'In Hanoi somebody buys gold, and takes it away.',
      does: { kind: 'nothing' },
    },
    ...reported.map((step): Step => ({ ...step, virtual: true })),
  ],
  closing: 'She tells nobody until the next day. The tests play on: of 480,000 baht, 12,000 are saved.',
};
