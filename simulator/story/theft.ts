import type { Step } from './story.ts';
import { amber, baht, minutes } from './wording.ts';

const mule = { typology: 'mule-account', confirmed: false };

/** The noodle shop's guests: whoever has many looks like nobody's mule, however fast the story is played. */
const lunches = Object.entries({ a: 55, b: 80, c: 120, d: 65, e: 240 }).map(([guest, price]) => ({
  from: `{guest-${guest}}`,
  to: '{shop}',
  amount: baht(price),
  channel: 'qr',
}));

/** A call from the police that is none: 480,000 baht leave Thailand for four places within three minutes, and a noodle shop is paid. */
export const theft: readonly Step[] = [
  {
    id: 'laos-lists-the-number',
    at: -minutes(90),
    says: 'An analyst in Vientiane lists a number from which people were called in the name of the police, and shares it with the alliance.',
    does: {
      kind: 'list',
      by: { member: 'la', officer: 'analyst' },
      listing: {
        identifier: '{caller}',
        tier: 'institution-suspected',
        typologies: ['impersonation-official'],
        offence: 'telecom-online-fraud',
        grading: { source: 'B', information: 2 },
        grounds:
          'Its operator saw four hundred calls a day from one place, and three people called say it spoke for the police',
        audience: 'alliance',
        handling: amber,
        sighting: 'originating',
      },
    },
    expects: [{ kind: 'listed', member: 'th', identifier: '{caller}', by: ['la'] }],
  },
  {
    id: 'the-call',
    at: -minutes(14),
    says: 'It calls a woman in Thailand. Her screen shows the number of a police station; her operator sees where the call comes from.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'operator 1' },
      activity: 'call',
      record: {
        originating: '{caller}',
        presented: '{station}',
        called: '{victim-phone}',
        durationSeconds: 760,
        answered: true,
        international: true,
      },
    },
  },
  {
    id: 'the-question',
    at: -minutes(1),
    says: 'She wants to pay 480,000 baht. Her bank asks about the payee, and about the number that spoke to her until a minute ago: challenge.',
    does: {
      kind: 'screen',
      by: { member: 'th', institution: 'bank 1' },
      identifiers: ['{caller}', '{mule}'],
    },
    expects: [
      { kind: 'advice', identifier: '{caller}', advice: 'challenge' },
      { kind: 'advice', identifier: '{mule}', advice: 'clear' },
      { kind: 'alert', member: 'th', officer: 'duty-officer', subject: '{caller}', reason: 'screening-hit' },
      {
        kind: 'alert',
        member: 'la',
        officer: 'duty-officer',
        subject: '{caller}',
        reason: 'screening-hit',
        from: 'th',
      },
    ],
  },
  {
    id: 'she-pays',
    at: 0,
    says: 'She was told to say that it is for a house. She answers the challenge, and pays. Her bank reports the payment as suspicious.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'bank 1' },
      activity: 'payment',
      record: {
        from: '{victim}',
        to: '{mule}',
        amount: baht(480_000),
        channel: 'mobile',
        reference: 'story-{run}-0',
        suspicion: { typology: 'impersonation-official', confirmed: false },
      },
      besides: lunches,
    },
    expects: [
      { kind: 'alert', member: 'th', officer: 'duty-officer', subject: '{mule}', reason: 'suspected-activity' },
      { kind: 'told', to: { member: 'th', institution: 'bank 2' }, subject: '{mule}', reason: 'suspected-activity' },
    ],
  },
  {
    id: 'on-inside-thailand',
    at: 50,
    says: '200,000 move on inside Thailand.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'bank 2' },
      activity: 'payment',
      record: {
        from: '{mule}',
        to: '{mule-th}',
        amount: baht(200_000),
        channel: 'mobile',
        reference: 'story-{run}-1',
        suspicion: mule,
      },
    },
    expects: [
      { kind: 'alert', member: 'th', officer: 'duty-officer', subject: '{mule-th}', reason: 'suspected-activity' },
    ],
  },
  {
    id: 'to-cambodia',
    at: 80,
    says: '150,000 go to an account in Cambodia. Its centre is told at once, without waiting for a person.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'bank 2' },
      activity: 'payment',
      record: {
        from: '{mule}',
        to: '{mule-kh}',
        amount: baht(150_000),
        channel: 'mobile',
        reference: 'story-{run}-2',
        suspicion: mule,
      },
    },
    expects: [
      {
        kind: 'alert',
        member: 'kh',
        officer: 'duty-officer',
        subject: '{mule-kh}',
        reason: 'suspected-activity',
        from: 'th',
      },
      {
        kind: 'told',
        to: { member: 'kh', institution: 'bank 3' },
        subject: '{mule-kh}',
        reason: 'suspected-activity',
      },
    ],
  },
  {
    id: 'to-viet-nam',
    at: 110,
    says: '90,000 go to an account in Viet Nam.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'bank 2' },
      activity: 'payment',
      record: {
        from: '{mule}',
        to: '{mule-vn}',
        amount: baht(90_000),
        channel: 'mobile',
        reference: 'story-{run}-3',
        suspicion: mule,
      },
    },
    expects: [
      {
        kind: 'alert',
        member: 'vn',
        officer: 'duty-officer',
        subject: '{mule-vn}',
        reason: 'suspected-activity',
        from: 'th',
      },
    ],
  },
  {
    id: 'to-an-exchange',
    at: 140,
    says: '40,000 go to an account at an exchange for coins.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'bank 2' },
      activity: 'payment',
      record: {
        from: '{mule}',
        to: '{exchange}',
        amount: baht(40_000),
        channel: 'mobile',
        reference: 'story-{run}-4',
        suspicion: mule,
      },
    },
    expects: [
      { kind: 'alert', member: 'th', officer: 'duty-officer', subject: '{exchange}', reason: 'suspected-activity' },
    ],
  },
  {
    id: 'to-a-wallet',
    at: 155,
    says: 'There they become USDT, and leave for a wallet.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'crypto 1' },
      activity: 'payment',
      record: {
        from: '{exchange}',
        to: '{wallet}',
        amount: baht(40_000),
        asset: { symbol: 'USDT', quantity: '1234.56' },
        channel: 'exchange',
        reference: 'story-{run}-7',
        suspicion: { typology: 'crypto-laundering', confirmed: false },
      },
    },
    expects: [
      { kind: 'alert', member: 'th', officer: 'duty-officer', subject: '{wallet}', reason: 'suspected-activity' },
    ],
  },
  {
    id: 'to-cash',
    at: 165,
    says: 'In Phnom Penh a man draws 40,000 at a machine. His bank tells nothing of its own accord.',
    does: { kind: 'nothing' },
  },
  {
    id: 'the-noodle-shop',
    at: 175,
    says: 'The holder of the second account in Thailand pays a noodle shop 6,000 for a dinner. Nobody there knows anything.',
    does: {
      kind: 'report',
      by: { member: 'th', institution: 'bank 3' },
      activity: 'payment',
      record: {
        from: '{mule-th}',
        to: '{shop}',
        amount: baht(6000),
        channel: 'qr',
        reference: 'story-{run}-5',
      },
    },
    expects: [{ kind: 'untouched', identifier: '{shop}' }],
  },
];
