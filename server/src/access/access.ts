import type { Actor, OfficerActor, Purpose } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { MemberCode } from '@bronze-drum/protocol/members';
import type { Clocks } from '../platform/clocks.ts';
import { readColleagues, type Colleague } from './colleagues.ts';
import { openCookie } from '../platform/cookies.ts';
import type { Db, Sql } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Rates } from '../platform/rates.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { openApprovalNews, type ApprovalNews } from './approval-news.ts';
import { openTwoPersonRule, type TwoPersonRule } from './approvals.ts';
import { keepRetention, openAudit, recordRead, type Audit, type ReadOfPersons } from './audit.ts';
import { openAuthentication, type Caller } from './authenticate.ts';
import { openCredentials } from './credentials.ts';
import { openDesk, type Desk } from './desk.ts';
import { firstRun, localKey, type FirstRun } from './first-run.ts';
import { openInstitutions, readServing, type Institutions, type Serving } from './institutions.ts';
import { openKeyCache } from './key-cache.ts';
import { openKeys, type Keys } from './keys.ts';
import { openOffices, type Offices } from './offices.ts';
import { openOfficers, type Officers } from './officers.ts';
import { openPasswords } from './passwords.ts';
import type { Permission } from '@bronze-drum/protocol/roles';
import { requireOfficer, requirePermission, requirePurpose } from './permissions.ts';
import { openApprovals, type Approvals } from './proposals.ts';
import { stepUpEnds } from './rules.ts';
import { openSessions, type Sessions } from './sessions.ts';

export type { Act } from './approvals.ts';
export type { ReadOfPersons } from './audit.ts';
export type { Caller } from './authenticate.ts';
export type { Colleague } from './colleagues.ts';
export type { Serving } from './institutions.ts';
export type { Waiting } from './proposals.ts';
export type { Permission, Role } from '@bronze-drum/protocol/roles';

export interface Access {
  readonly member: MemberCode;
  /**
   * Who calls. Answers without a promise for an institution's key seen lately. Throws, or rejects, with a refusal
   * `unauthenticated.…` or `malformed.purpose`.
   */
  authenticate(request: Caller): Actor | Promise<Actor>;
  /** Who calls, as `authenticate` says it, without this being a use of their session: for streams that stay open. */
  recheck(request: Caller): Actor | Promise<Actor>;
  requirePermission(actor: Actor, permission: Permission): void;
  requireOfficer(actor: Actor, permission: Permission): OfficerActor;
  /** Refuses whoever has not typed their password within the policy's step-up window. */
  requireStepUp(actor: Actor): void;
  /** Refuses an officer who did not say why they read personal data in this call; null for all who are not officers. */
  requirePurpose(actor: Actor): Purpose | null;
  /** Takes identifiers from the actor's quota, or refuses with `too-many.requests`. */
  takeQuota(actor: Actor, cost: number): void;
  /**
   * Records who read personal data, and why: durable once `sql` is. Await it before the answer is sent. Refuses an officer
   * without a purpose.
   */
  recordRead(sql: Sql, actor: Actor, read: ReadOfPersons): Promise<void>;
  /** Says how an act of a room is done, before the house starts its clocks. */
  defineAct: TwoPersonRule['defineAct'];
  /** Does an act in a transaction of its own, or proposes it where policy asks for a second person. */
  perform: TwoPersonRule['perform'];
  readonly approvals: Approvals & Pick<TwoPersonRule, 'decide' | 'withdraw'> & Pick<ApprovalNews, 'tellOn'>;
  readonly sessions: Sessions;
  readonly offices: Offices;
  readonly officers: Officers;
  /** The active officers who hold a permission, by id: for rooms that give work to one of them. */
  officersWith(permission: Permission): Promise<readonly Colleague[]>;
  readonly institutions: Institutions;
  /** Every active institution with what it serves, for rooms that route by it; and a call after each change of them. */
  serving(): Promise<readonly Serving[]>;
  onInstitutions(hear: () => void): void;
  readonly keys: Keys;
  readonly audit: Audit;
  readonly desk: Desk;
  /** The first officer's one-time code, to be printed, as long as they have never signed in; else null. */
  firstRun(): Promise<FirstRun | null>;
  /** A key for commands on this machine, valid until the next call; to be kept in a file that only its owner reads. */
  localKey(): Promise<string>;
  /** Writes down when keys were last used, and stops. */
  close(): Promise<void>;
}

export interface AccessParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly rates: Rates;
  readonly policy: Policy;
  readonly telemetry: Telemetry;
  readonly member: MemberCode;
  /** Browsers reach this server by TLS alone, and send its cookie over nothing else. */
  readonly secureCookies?: boolean;
}

/** Opens the room; before `clocks.start`. */
export async function openAccess(parts: AccessParts): Promise<Access> {
  const { db, clock, rates, policy, telemetry, member } = parts;
  await migrate(db, 'access', new URL('migrations/', import.meta.url));
  const requireStepUp = (actor: Actor): void => {
    const steppedUpAtMs = actor.kind === 'officer' ? actor.steppedUpAtMs : null;
    const nowMs = clock.now();
    if (stepUpEnds(steppedUpAtMs, policy.at(nowMs).sessions, nowMs) === null) refuse('forbidden.step-up');
  };
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'the use of keys was not written down');
  const keyCache = openKeyCache({ db, clock, rates, onError });
  const passwords = openPasswords();
  const credentials = openCredentials({ db, clock, rates, policy, passwords });
  const news = openApprovalNews();
  const twoPersonRule = openTwoPersonRule({ ...parts, requireStepUp, news });
  await keepRetention(parts);
  // Six desks may share a host, and cookies do not tell ports apart.
  const cookie = openCookie(`drum-${member}`, parts.secureCookies ?? false);
  const authenticate = openAuthentication({ db, clock, rates, policy, keyCache, cookie });
  const sessions = openSessions({ db, clock, policy, credentials, passwords, telemetry, member });
  const desk = openDesk({ db, clock, rates, policy, member, keyCache, sessions, cookie });
  const heard = new Set<() => void>();
  const offices = await openOffices({ db, clock });
  return {
    member,
    authenticate: (request) => authenticate(request),
    recheck: (request) => authenticate(request, false),
    requirePermission,
    requireOfficer,
    requireStepUp,
    requirePurpose,
    takeQuota: keyCache.takeQuota,
    recordRead: (sql, actor, read) => recordRead(sql, clock, actor, read),
    defineAct: twoPersonRule.defineAct,
    perform: twoPersonRule.perform,
    approvals: {
      ...openApprovals({ db, clock }),
      decide: twoPersonRule.decide,
      withdraw: twoPersonRule.withdraw,
      tellOn: news.tellOn,
    },
    sessions,
    desk,
    offices,
    officers: openOfficers({ db, clock, requireStepUp, news }),
    officersWith: (permission) => readColleagues(db, permission),
    institutions: openInstitutions({
      db,
      clock,
      requireStepUp,
      onChange() {
        keyCache.forget();
        for (const hear of heard) hear();
      },
    }),
    serving: () => readServing(db),
    onInstitutions: (hear) => void heard.add(hear),
    keys: openKeys({ db, clock, requireStepUp, onChange: keyCache.forget }),
    audit: openAudit({ db }),
    firstRun: () => firstRun({ db, clock }),
    localKey: () => localKey({ db }),
    async close() {
      await desk.close();
      await keyCache.close();
    },
  };
}
