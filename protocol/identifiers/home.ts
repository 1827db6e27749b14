import type { MemberCode } from '../members.ts';
import { planOfCallingCode } from './numbering.ts';
import type { Key } from './identifier.ts';

const callingCodeAt = 'phone:+'.length;
const countryAt = 'account:'.length;

/**
 * The country where an account is kept or a number is issued, as a member's code; undefined for everything else and for
 * numbers of countries whose plan is not known here. Whether that country is a member, the directory says.
 */
export function homeOf(key: Key): MemberCode | undefined {
  if (key.startsWith('account:')) {
    const country = key.slice(countryAt, countryAt + 2);
    return /^[A-Z]{2}$/.test(country) && key[countryAt + 2] === ':' ? country.toLowerCase() : undefined;
  }
  if (key.startsWith('phone:+')) return planOfCallingCode(key.slice(callingCodeAt))?.country.toLowerCase();
  return undefined;
}
