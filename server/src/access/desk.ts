import { languages } from '@bronze-drum/protocol/languages';
import type { MemberCode } from '@bronze-drum/protocol/members';
import type { Actor, OfficerActor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Cookie } from '../platform/cookies.ts';
import type { Db } from '../platform/db.ts';
import type { Live } from '../platform/live.ts';
import { openPresence } from '../platform/presence.ts';
import type { Rates } from '../platform/rates.ts';
import { asStranger, bearerOf } from './authenticate.ts';
import { isClerk, openClerks, type Clerks } from './clerks.ts';
import type { ClerkSignIn, DeskSession, DeskState, PolicyVersions, Present } from './contract.ts';
import type { KeyCache } from './key-cache.ts';
import { readOfficer } from './officers.ts';
import type { Permission } from '@bronze-drum/protocol/roles';
import { requireOfficer } from './permissions.ts';
import { openProfiles, type Profiles } from './profiles.ts';
import { useOf } from './secrets.ts';
import { requireSession, type Sessions } from './sessions.ts';

/** A session with the secret that opens it, to be kept in the browser's cookie. */
interface Opened<Told> {
  readonly token: string;
  readonly told: Told;
}

/** What the page in a browser asks for that programs do not. */
export interface Desk {
  /** Where a browser keeps its session. */
  readonly cookie: Cookie;
  state(): Promise<DeskState>;
  /** The officer's session that came in the header, so that this browser keeps it. */
  adopt(actor: Actor, authorization: string | undefined): Promise<Opened<{ officer: string; expiresAt: string }>>;
  signInClerk(
    given: ClerkSignIn,
    ip?: string,
  ): Promise<Opened<{ institution: string; clerk: string; expiresAt: string }>>;
  describe(actor: Actor): Promise<DeskSession>;
  signOut(actor: Actor): Promise<void>;
  readonly profiles: Profiles;
  /** The officer looks at a place, or at none; holds for 45 seconds. */
  beat(actor: Actor, at: string | null): Promise<void>;
  /** Which other officers look at a place; at most 50. */
  present(actor: Actor, at: string): Present[];
  /** Tells on the streams who comes and goes; before the first stream. */
  tellPresence(live: Live): void;
  /** For those who administer, audit or run the server. */
  policies(actor: Actor): PolicyVersions;
  close(): Promise<void>;
}

interface DeskParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly rates: Rates;
  readonly policy: Policy;
  readonly member: MemberCode;
  readonly keyCache: KeyCache;
  readonly sessions: Sessions;
  readonly cookie: Cookie;
}

const presentMax = 50;
const seesPolicies: readonly Permission[] = ['access.audit', 'access.manage', 'operate'];
/** Who may see what is on screen there may see who else looks at it. */
const permissionAt: Readonly<Record<string, Permission>> = {
  alert: 'alerts.read',
  request: 'liaison.read',
  trace: 'funds.read',
};

export function openDesk(parts: DeskParts): Desk {
  const { db, clock, rates, policy, member, sessions, cookie } = parts;
  const clerks: Clerks = openClerks(parts);
  const presence = openPresence({ clock });
  let isSetUp = false;

  return {
    cookie,
    async state() {
      isSetUp ||= await hasAnybodySignedIn(db);
      return { member, languages: [...languages], needsSetUp: !isSetUp };
    },
    async adopt(actor, authorization = '') {
      const token = bearerOf(authorization);
      const { officer } = requireSession(actor);
      if (useOf(token) !== 'session') return refuse('forbidden.no-session');
      const { expiresAt } = await sessions.describe(actor);
      return { token, told: { officer, expiresAt: expiresAt! } };
    },
    signInClerk: (given, ip) =>
      asStranger(rates, ip, async () => {
        const { token, ...told } = await clerks.signIn(given);
        return { token, told };
      }),
    async describe(actor) {
      if (isClerk(actor)) return clerks.describe(actor);
      return { kind: 'officer', ...(await sessions.describe(actor)) };
    },
    async signOut(actor) {
      if (isClerk(actor)) return clerks.signOut(actor);
      const who = requireSession(actor);
      presence.beat(who.session, { officer: who.officer, name: '' }, null);
      await sessions.signOut(actor);
    },
    profiles: openProfiles({ db }),
    async beat(actor, at) {
      const who = requireSession(at === null ? actor : requireAt(actor, at));
      const officer = (await readOfficer(db, who.officer)) ?? refuse('not-found.officer');
      presence.beat(who.session, { officer: officer.id, name: officer.name }, at);
    },
    present(actor, at) {
      const { officer: self } = requireAt(actor, at);
      const others = presence.at(at).filter(({ officer }) => officer !== self);
      return others
        .slice(0, presentMax)
        .map(({ officer, name, sinceMs }) => ({ officer, name, since: instantText(sinceMs) }));
    },
    tellPresence: (live) => presence.tellOn(live, { mayHear: maySee, of: audienceOf }),
    policies(actor) {
      const maySeeThem = seesPolicies.some((one) => actor.kind === 'officer' && actor.permissions.has(one));
      if (!maySeeThem) refuse('forbidden.permission', { permission: seesPolicies[0]! });
      const { timeZone, versions } = policy;
      return {
        member,
        timeZone,
        versions: versions.map((rules) => ({ from: rules.effectiveFrom, policy: rules })),
        today: versions.indexOf(policy.at(clock.now())),
      };
    },
    close: presence.close,
  };
}

async function hasAnybodySignedIn(db: Db): Promise<boolean> {
  const [row] = await db.query('SELECT 1 FROM access.officers WHERE first_signed_in_at IS NOT NULL LIMIT 1');
  return row !== undefined;
}

const permissionFor = (at: string): Permission => permissionAt[at.slice(0, at.indexOf(':'))] ?? 'alerts.read';

function requireAt(actor: Actor, at: string): OfficerActor {
  return requireOfficer(actor, permissionFor(at));
}

function maySee(viewer: Actor, at: string): boolean {
  return viewer.kind === 'officer' && viewer.permissions.has(permissionFor(at));
}

/** Viewers who hear of the same places. */
function audienceOf(viewer: Actor): string {
  return Object.keys(permissionAt)
    .filter((kind) => maySee(viewer, `${kind}:`))
    .join(' ');
}
