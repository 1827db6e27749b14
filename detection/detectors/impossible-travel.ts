import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { TravelView } from '../device-view.ts';
import { minutes } from './limits.ts';
import { instantOf, minutesBetween } from './money-facts.ts';
import { below } from './strength.ts';

const minuteMs = 60_000;

const Limits = Type.Object({
  withinMinutes: minutes(60, 'Between uses from two countries that do not touch: no flight is shorter; ours'),
  neighboursWithinMinutes: minutes(5, 'Between countries that touch: a bridge is soon crossed; ours'),
});

/** Countries of the region that share a land border, or stand so near that a network of one is heard in the other. */
const neighbours = new Set(
  'CN-LA CN-MM CN-VN CN-HK CN-MO HK-MO KH-LA KH-TH KH-VN LA-MM LA-TH LA-VN MM-TH MY-TH MY-SG BN-MY ID-MY ID-SG BD-MM IN-MM'.split(
    ' ',
  ),
);

/** One account used from two countries within a time in which nobody gets from the one to the other, and on two devices. */
export const impossibleTravel = detector({
  name: 'impossible-travel',
  version: 1,
  on: ['payment', 'login'] as const,
  typology: 'phishing',
  urgency: 2,
  limits: Limits,
  facts: ['firstCountry', 'firstAt', 'thenCountry', 'thenAt', 'minutes', 'minutesMax'],
  find(view: TravelView, limits: Static<typeof Limits>): Verdict | undefined {
    const { country, otherCountry, atMs, otherAtMs } = view;
    const apartMs = Math.abs(atMs - otherAtMs);
    if (apartMs > Math.max(limits.withinMinutes, limits.neighboursWithinMinutes) * minuteMs) return undefined;
    // One telephone does not travel so: it roams, or speaks through somebody's network.
    if (view.device >= 0 && view.device === view.otherDevice) return undefined;
    const pair = country < otherCountry ? `${country}-${otherCountry}` : `${otherCountry}-${country}`;
    const minutesMax = neighbours.has(pair) ? limits.neighboursWithinMinutes : limits.withinMinutes;
    if (apartMs > minutesMax * minuteMs) return undefined;
    const isFirst = atMs < otherAtMs;
    return {
      facts: {
        firstCountry: isFirst ? country : otherCountry,
        firstAt: instantOf(Math.min(atMs, otherAtMs)),
        thenCountry: isFirst ? otherCountry : country,
        thenAt: instantOf(Math.max(atMs, otherAtMs)),
        minutes: minutesBetween(Math.min(atMs, otherAtMs), Math.max(atMs, otherAtMs)),
        minutesMax,
      },
      counterparts: view.address === undefined ? [] : [view.address],
      strength: below(apartMs, minutesMax * minuteMs * 1.25),
    };
  },
});
