import { named } from '../chance/mix.ts';
import { simulatedInstitutions } from '../world/institutions.ts';
import { keysOf } from '../world/keys.ts';
import { nationOf } from '../world/nations.ts';
import type { Cast } from './cast.ts';

/** Numbers of the story begin like this; the rest is the run, so that each telling has numbers of its own. */
const mark = '77';

/** The institution that plays a part such as `bank 1`: the first of a member's simulated banks. */
export function institutionOf(member: string, part: string): string {
  return institution(member, part).id;
}

function institution(member: string, part: string) {
  const [kind, place] = part.split(' ');
  const found = simulatedInstitutions(member).filter((one) => one.kind === kind)[Number(place) - 1];
  if (found === undefined) throw new RangeError(`${member} has no ${part}`);
  return found;
}

const digits = (run: number, part: number, length: number): string =>
  `${mark}${part}${String(run % 10 ** (length - 3)).padStart(length - 3, '0')}`;

/** The identifiers of a telling of the story: valid, nobody's, and the same for the same run. */
export function castOf(run: number): Cast {
  const account = (member: string, part: string, place: number): string =>
    `${institution(member, part).serves[0]}${nationOf(member).accountLead}${digits(run, place, 10)}`;
  const mobile = (member: string, part: string, place: number): string =>
    `${institution(member, part).serves[0]}${digits(run, place, nationOf(member).mobileDigits)}`;
  const [lead, length] = nationOf('th').fixed;
  return {
    run: String(run),
    caller: mobile('la', 'operator 1', 1),
    station: `phone:+${nationOf('th').callingCode}${lead}${digits(run, 1, length)}`,
    'victim-phone': mobile('th', 'operator 1', 2),
    victim: account('th', 'bank 1', 3),
    mule: account('th', 'bank 2', 4),
    'mule-th': account('th', 'bank 3', 5),
    // Of the country's banks the one that tells only what it suspects.
    'mule-kh': account('kh', 'bank 3', 6),
    'mule-vn': account('vn', 'bank 1', 7),
    shop: account('th', 'bank 1', 8),
    exchange: account('th', 'crypto 1', 9),
    employer: account('th', 'bank 1', 0),
    'guest-a': account('th', 'bank 2', 1),
    'guest-b': account('th', 'bank 2', 2),
    'guest-c': account('th', 'bank 2', 3),
    'guest-d': account('th', 'bank 2', 5),
    'guest-e': account('th', 'bank 2', 6),
    wallet: keysOf(named('story')).wallet(run * 5 + 1),
  };
}

const leads = Object.values(castOf(0))
  .filter((key) => /^(?:account|phone):/.test(key))
  .map((key) => key.replace(/0+$/, ''));

/** Whether an account or number is of some telling of the story; of others one in a hundred begins like this. */
export const isOfStory = (key: string): boolean => leads.some((lead) => key.startsWith(lead));
