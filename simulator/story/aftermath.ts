import type { Deed } from './deeds.ts';
import { heldInThailand, type Held } from './parts.ts';
import type { Step } from './story.ts';
import { baht, days, hours, minutes } from './wording.ts';

const supervisor = (member: string) => ({ member, officer: 'supervisor' });
const second = (member: string) => ({ member, officer: 'supervisor 2' });
const officer = (member: string) => ({ member, officer: 'duty-officer' });

/** By which account each of the three knows the trace, and what it holds of it. */
const kept = {
  th: { trace: '{mule}', amount: 194_000, court: 'Criminal Court, Ratchadaphisek, order 1441/2569' },
  kh: { trace: '{mule-kh}', amount: 110_000, court: 'Phnom Penh Municipal Court, order 77/2026' },
  vn: { trace: '{mule-vn}', amount: 90_000, court: 'People’s Court of Ha Noi, decision 77/2026' },
} as const;
type Keeping = keyof typeof kept;

const heldIn = (member: Keeping, rest: Pick<Held, 'states' | 'stage' | 'endsIn'>) =>
  ({ kind: 'held', member, trace: kept[member].trace, amount: baht(kept[member].amount), ...rest }) as const;

const complains = (member: Keeping, complaint: string): Deed => ({
  kind: 'complaint',
  by: officer(member),
  trace: kept[member].trace,
  complaint,
});

const bound = ['held', 'partly'] as const;

const byCourt = (kind: 'seize' | 'confiscate', member: Keeping): Deed => {
  const { trace, court } = kept[member];
  return { kind, by: supervisor(member), second: second(member), trace, court };
};

const returns = (member: Keeping): Deed => {
  const { trace, court } = kept[member];
  const claim = { victim: '{victim}', claim: baht(480_000).value, currency: 'THB' };
  return { kind: 'return', by: supervisor(member), second: second(member), trace, court, ...claim };
};

/** Hours, days and weeks later: an innocent is released, courts decide, and what was saved goes back. */
const steps: readonly Omit<Step, 'virtual'>[] = [
  {
    id: 'complaint',
    at: hours(5),
    says: 'She files her complaint with the police. In Thailand the seven-day clock starts.',
    does: complains('th', 'TPO-{run}-1441'),
    expects: [
      {
        ...heldInThailand('{mule-th}', 194_000, ['held']),
        stage: 'complaint',
        endsIn: days(7),
      },
    ],
  },
  {
    id: 'the-shop-appeals',
    at: hours(6),
    says: 'The noodle shop finds 6,000 baht blocked. Its bank contests the hold for it.',
    does: {
      kind: 'appeal',
      by: { member: 'th', institution: 'bank 1' },
      account: '{shop}',
      appellant: 'The owner of the noodle shop, by the branch where she banks',
      grounds: 'Twelve dinners were eaten, and are on the till roll. She knows nobody of those who paid.',
    },
  },
  {
    id: 'the-shop-is-released',
    at: hours(8) + minutes(30),
    says: 'Two and a half hours later another officer, who took no part in the hold, upholds the appeal: released.',
    does: {
      kind: 'decide',
      by: supervisor('th'),
      account: '{shop}',
      outcome: 'upheld',
      grounds: 'It was paid for dinners at their price, in good faith',
    },
    expects: [
      heldInThailand('{shop}', 6000, ['released']),
      {
        kind: 'order',
        by: { member: 'th', institution: 'bank 1' },
        order: 'hold-amount',
        subject: '{shop}',
        states: ['ended'],
      },
    ],
  },
  {
    id: 'the-bank-confirms',
    at: hours(8) + minutes(35),
    says: 'Its bank confirms that the money is free.',
    does: {
      kind: 'confirm-order',
      by: { member: 'th', institution: 'bank 1' },
      order: 'hold-amount',
      subject: '{shop}',
    },
    expects: [{ kind: 'lost', member: 'th', trace: '{mule}', amount: baht(86_000) }],
  },
  {
    id: 'complaint-in-cambodia',
    at: days(1),
    says: 'Phnom Penh opens its own inquiry on the complaint.',
    does: complains('kh', 'PP-{run}-7'),
    expects: [heldIn('kh', { states: bound, stage: 'prosecution', endsIn: days(7) })],
  },
  {
    id: 'complaint-in-viet-nam',
    at: days(1) + minutes(10),
    says: 'So does Hanoi.',
    does: complains('vn', 'HN-{run}-7'),
    expects: [heldIn('vn', { states: bound, stage: 'investigation', endsIn: days(7) })],
  },
  {
    id: 'seized',
    at: days(6),
    says: 'On the sixth day a court in Bangkok seizes what is held; two officers put it into effect.',
    does: byCourt('seize', 'th'),
    expects: [heldIn('th', { states: ['seized'] })],
  },
  {
    id: 'seized-in-cambodia',
    at: days(6) + minutes(10),
    says: 'One in Phnom Penh does the same.',
    does: byCourt('seize', 'kh'),
    expects: [heldIn('kh', { states: ['seized'] })],
  },
  {
    id: 'seized-in-viet-nam',
    at: days(6) + minutes(20),
    says: 'And one in Hanoi.',
    does: byCourt('seize', 'vn'),
    expects: [heldIn('vn', { states: ['seized'] })],
  },
  ...(['th', 'kh', 'vn'] as const).map((member, place) => ({
    id: `confiscated-in-${member}`,
    at: days(40) + minutes(10 * place),
    says: `On the fortieth day the court in ${{ th: 'Bangkok', kh: 'Phnom Penh', vn: 'Hanoi' }[member]} confiscates it, for the victim.`,
    does: byCourt('confiscate', member),
    expects: [heldIn(member, { states: ['confiscated'] })],
  })),
  ...(['th', 'kh', 'vn'] as const).map((member, place) => ({
    id: `returned-by-${member}`,
    at: days(40) + hours(1) + minutes(10 * place),
    says: `${baht(kept[member].amount).value.slice(0, -5)},000 baht go back to her account.`,
    does: returns(member),
    ...(member === 'vn' && {
      expects: [
        { kind: 'returned', members: ['th', 'kh', 'vn'], amount: baht(394_000) },
        { kind: 'lost', member: 'th', trace: '{mule}', amount: baht(86_000) },
      ] as const,
    }),
  })),
];

export const aftermath: readonly Step[] = steps.map((step) => ({ ...step, virtual: true }));
