import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { Profile } from './contract.ts';

/** How each officer wants their desk. */
export interface Profiles {
  /** What the officer last set; what they never set, as it is for newcomers. */
  read(actor: Actor): Promise<Profile>;
  /** Replaces it as a whole. Refuses a time zone that nobody knows, and two views with one id. */
  set(actor: Actor, profile: Profile): Promise<Profile>;
}

const newcomers: Profile = {
  language: null,
  calendar: 'gregorian',
  timeZone: null,
  theme: 'auto',
  density: 'dense',
  views: [],
};

export function openProfiles({ db }: { db: Db }): Profiles {
  return {
    async read(actor) {
      const [row] = await db.query<{ profile: string }>('SELECT profile FROM access.profiles WHERE officer = $1', [
        officerOf(actor).officer,
      ]);
      return row === undefined ? newcomers : { ...newcomers, ...(JSON.parse(row.profile) as Partial<Profile>) };
    },
    async set(actor, profile) {
      const { officer } = officerOf(actor);
      if (profile.timeZone !== null && !isTimeZone(profile.timeZone)) refuse('access.profile.time-zone');
      if (new Set(profile.views.map(({ id }) => id)).size < profile.views.length) refuse('access.profile.views');
      await db.query(
        `INSERT INTO access.profiles (officer, profile) VALUES ($1, $2)
         ON CONFLICT (officer) DO UPDATE SET profile = excluded.profile`,
        [officer, JSON.stringify(profile)],
      );
      return profile;
    },
  };
}

function officerOf(actor: Actor): OfficerActor {
  return actor.kind === 'officer' ? actor : refuse('forbidden.officers-only');
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
