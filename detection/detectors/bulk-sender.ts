import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { SenderView } from '../line-view.ts';
import { instantOf } from './money-facts.ts';
import { above, strengthOf } from './strength.ts';

const minuteMs = 60_000;
const count = (standard: number, description: string) =>
  Type.Integer({ default: standard, minimum: 2, maximum: 5000, description });

const Limits = Type.Object({
  recipientsMin: count(
    50,
    'Who received links of which one is listed (Thailand: links of bulk senders are checked); ours',
  ),
  unlistedRecipientsMin: count(
    200,
    'Who received links to one host from a number: bulk senders must register a name (Thailand); the number is ours',
  ),
  withinMinutes: Type.Number({ default: 60, minimum: 1, maximum: 1440, description: 'In such a time; ours' }),
});

/** One who sends links to one host to many. The subject is the number that sends, or the listed link under a shown name. */
export const bulkSender = detector({
  name: 'bulk-sender',
  version: 1,
  on: ['message'] as const,
  typology: 'bulk-message',
  urgency: 2,
  limits: Limits,
  facts: ['recipients', 'host', 'linkListed', 'untilAt', 'withinMinutes', 'recipientsMin'],
  find(view: SenderView, limits: Static<typeof Limits>): Verdict | undefined {
    // A name is anybody's: a bank sends links to thousands under its own.
    if (!view.isListed && !view.isNumber) return undefined;
    const recipientsMin = view.isListed ? limits.recipientsMin : limits.unlistedRecipientsMin;
    if (view.recipientsKnown < recipientsMin) return undefined;
    const recipients = view.recipients(view.newestMs - limits.withinMinutes * minuteMs, 5000);
    if (recipients < recipientsMin) return undefined;
    return {
      facts: {
        recipients,
        host: view.host.slice(0, 200),
        linkListed: view.isListed,
        untilAt: instantOf(view.newestMs),
        withinMinutes: limits.withinMinutes,
        recipientsMin,
      },
      counterparts: view.isNumber ? [view.link] : [],
      strength: strengthOf(above(recipients, recipientsMin / 2), view.isListed ? 1 : 0),
    };
  },
});
