import { closedConditions, closedLabels, handlingConditions, tlpLabels } from '@bronze-drum/protocol/handling';
import {
  informationGrades,
  offences,
  sightings,
  sourceGrades,
  tiers,
  typologies,
} from '@bronze-drum/protocol/statements/listing';
import type { ImportTerms, NewListing } from '../../../../server/src/registry/contract.ts';
import { instantOf, localOf } from '../../ui/local-time.ts';

/** What an officer claims, as it is filled in: every choice is made before anything is saved. */
export interface ClaimDraft {
  readonly tier: string;
  readonly typologies: readonly string[];
  readonly offence: string;
  readonly sourceGrade: string;
  readonly informationGrade: string;
  readonly grounds: string;
  /** `2027-03-03`: the end of that day where the officer is; empty: as long as the policy lets it last. */
  readonly until: string;
  readonly tlp: string;
  readonly conditions: readonly string[];
  readonly restriction: string;
  readonly reach: Reach;
  /** Other members that may read, if `reach` is `some`. */
  readonly members: readonly string[];
  readonly discreet: boolean;
  readonly sighting: string;
}

export const reaches = ['domestic', 'some', 'alliance'] as const;
export type Reach = (typeof reaches)[number];

export const emptyClaim: ClaimDraft = {
  tier: '',
  typologies: [],
  offence: 'telecom-online-fraud',
  sourceGrade: 'B',
  informationGrade: '3',
  grounds: '',
  until: '',
  tlp: 'AMBER',
  conditions: [],
  restriction: '',
  reach: 'alliance',
  members: [],
  discreet: false,
  sighting: '',
};

/** Something that follows from a claim, or that still stands in its way: `follows.…` or `needs.…` in `registry.json`, and its values. */
export interface Word {
  readonly code: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface Place {
  readonly member: string;
  /** Of the identifiers that are claimed; empty if not known yet. */
  readonly types: readonly string[];
  readonly nameOf: (members: readonly string[]) => string;
  readonly dayOf: (day: string) => string;
}

const personal = ['account', 'phone', 'email', 'wallet', 'device', 'sim', 'handle', 'person'];
const grave = ['court', 'designated'];

const isClosed = ({ tlp, conditions }: ClaimDraft): boolean =>
  closedLabels.includes(tlp) || conditions.some((one) => closedConditions.includes(one));

/** What will follow from a claim, in the order in which an officer should hear it. */
export function consequencesOf(claim: ClaimDraft, { member, types, nameOf, dayOf }: Place): Word[] {
  const { reach, members, discreet, conditions, tlp, until, tier } = claim;
  const words: Word[] = [];
  const say = (when: boolean, code: string, values?: Word['values']): void => {
    if (when) words.push(values === undefined ? { code } : { code, values });
  };
  say(reach === 'domestic', 'domestic');
  say(reach === 'alliance', 'alliance');
  say(reach === 'some' && members.length > 0, 'some', { members: nameOf([member, ...members]) });
  say(discreet, 'discreet');
  say(!discreet && isClosed(claim), 'closed');
  say(!discreet && !isClosed(claim), 'institutions');
  say(claim.sighting === 'presented', 'presented');
  say(conditions.includes('H0'), 'prevention');
  say(conditions.includes('H1'), 'no-court');
  say(!conditions.includes('H1') && !conditions.includes('H0'), 'court');
  say(conditions.includes('H2') || closedLabels.includes(tlp), 'no-onward');
  say(conditions.includes('H3') && claim.restriction.trim() !== '', 'restriction', {
    restriction: claim.restriction.trim(),
  });
  say(until !== '', 'until', { day: until === '' ? '' : dayOf(until) });
  say(until === '', 'policy-end');
  say(grave.includes(tier) || discreet, 'second-person');
  say(reach !== 'domestic' && (types.length === 0 || types.some((one) => personal.includes(one))), 'export');
  return words;
}

/** What the server would refuse, said before it is asked. */
export function objectionsTo(claim: ClaimDraft, { types }: Pick<Place, 'types'>): Word[] {
  const { reach, members, tlp } = claim;
  const objections: readonly (readonly [boolean, string])[] = [
    [claim.tier === '', 'tier'],
    [claim.typologies.length === 0, 'typology'],
    [claim.typologies.length > 8, 'fewer-typologies'],
    [claim.grounds.trim() === '', 'grounds'],
    [reach === 'some' && members.length === 0, 'members'],
    [tlp === 'RED' && (reach === 'alliance' || (reach === 'some' && members.length > 1)), 'red-one'],
    [claim.conditions.includes('H3') && claim.restriction.trim() === '', 'restriction'],
    [types.includes('phone') && claim.sighting === '', 'sighting'],
    [types.includes('person') && reach !== 'domestic', 'person-home'],
  ];
  return objections.flatMap(([stands, code]) => (stands ? [{ code }] : []));
}

const known = <One>(list: readonly One[], code: string | number): One => list.find((one) => one === code) ?? list[0]!;

/** The claim in the words of the contract. `untilOf` makes the instant at which a day ends for this officer. */
export function claimBody(
  claim: ClaimDraft,
  untilOf: (day: string) => string,
): Omit<ImportTerms, 'source' | 'type' | 'country' | 'bank'> & Pick<NewListing, 'until'> {
  const sighting = sightings.find((one) => one === claim.sighting);
  return {
    tier: known(tiers, claim.tier),
    typologies: typologies.filter((one) => claim.typologies.includes(one)),
    offence: known(offences, claim.offence),
    grading: {
      source: known(sourceGrades, claim.sourceGrade),
      information: known(informationGrades, Number(claim.informationGrade)),
    },
    grounds: claim.grounds.trim(),
    audience: audienceInput(claim),
    handling: {
      tlp: known(tlpLabels, claim.tlp),
      conditions: handlingConditions.filter((one) => claim.conditions.includes(one)),
      ...(claim.conditions.includes('H3') && { restriction: claim.restriction.trim() }),
    },
    ...(claim.discreet && { discreet: true }),
    ...(sighting !== undefined && { sighting }),
    ...(claim.until !== '' && { until: untilOf(claim.until) }),
  };
}

export function audienceInput({ reach, members }: Pick<ClaimDraft, 'reach' | 'members'>): NewListing['audience'] {
  return reach === 'some' ? [...members] : reach;
}

/** The audience that a book's name says, as it is chosen here. */
export function reachOf(book: string, member: string): Pick<ClaimDraft, 'reach' | 'members'> {
  if (book === 'domestic' || book === 'alliance') return { reach: book, members: [] };
  return { reach: 'some', members: book.split('+').filter((one) => one !== member) };
}

/** The last minute of a day in a time zone (IANA; null is the browser’s), as the contract writes it. */
export const endOfDay = (day: string, timeZone: string | null): string => instantOf(`${day}T23:59`, timeZone) ?? '';

/** The day, somewhere, on which an instant falls: `2027-03-03`. */
export const dayAt = (ms: number, timeZone: string | null): string => localOf(ms, timeZone).slice(0, 10);
