import { readFile } from 'node:fs/promises';
import type { OfficerActor } from '../kernel/actor.ts';
import { testClock, type TestClock } from '../kernel/clock.ts';
import { parsePolicy, type Policy, type PolicyRules } from '../kernel/policy.ts';
import { openClocks, type Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import { openHttp, type Http } from '../platform/http.ts';
import { openRates } from '../platform/rates.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openAccess, type Access, type Role } from './access.ts';
import { accessRoutes } from './routes.ts';

export const password = 'seven drums over the river';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly code: unknown;
}

export interface TestAccess {
  readonly db: Db;
  readonly clock: TestClock;
  readonly clocks: Clocks;
  readonly access: Access;
  /** As changed. */
  readonly policy: Policy;
  readonly http: Http;
  readonly errors: unknown[];
  /** The first administrator, as the machine's key would have it. */
  readonly administrator: OfficerActor;
  /** Adds an officer who has set a password, and returns the token of their session. */
  enlist(id: string, roles: Role[]): Promise<string>;
  /** The officer of a token, with a purpose. */
  actor(token: string): Promise<OfficerActor>;
  call(method: string, url: string, token?: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** What the tests count on, whatever becomes of a member's policy. */
function pinned(): Pick<PolicyRules, 'secondPerson' | 'sessions'> {
  return {
    secondPerson: {
      acts: ['registry.list:court', 'registry.withdraw:released'],
      decideWithinHours: 24,
      whenAlone: 'act-then-review',
      reviewWithinHours: 72,
    },
    sessions: { idleMinutes: 60, absoluteHours: 12, stepUpMinutes: 10, lockAfterFailures: 8, lockMinutes: 15 },
  };
}

interface TestAccessOptions {
  readonly secureCookies?: boolean;
  /** Changes the policy's file after its rules were changed. */
  readonly changeFile?: (file: { rules: PolicyRules[] }) => void;
}

/** The room over an empty database, with a policy as changed. */
export async function openTestAccess(
  change: (rules: PolicyRules) => void = () => undefined,
  { secureCookies = false, changeFile }: TestAccessOptions = {},
): Promise<TestAccess> {
  const db = await openTestDb();
  const clock = testClock(Date.UTC(2026, 0, 1));
  const errors: unknown[] = [];
  const clocks = await openClocks({ db, clock, onError: (error) => errors.push(error) });
  const file = JSON.parse(await readFile(new URL('../../../policies/th.json', import.meta.url), 'utf8')) as {
    rules: PolicyRules[];
  };
  for (const rules of file.rules) {
    Object.assign(rules, pinned());
    rules.retention.readLogHours = 43_800;
    change(rules);
  }
  changeFile?.(file);
  const policy = parsePolicy(JSON.stringify(file));
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const rates = openRates(clock);
  const access = await openAccess({ db, clock, clocks, rates, policy, telemetry, member: 'th', secureCookies });
  const http = await openHttp(telemetry);
  accessRoutes(http, access);
  await access.firstRun();
  const local = await access.localKey();
  const actor = async (token: string): Promise<OfficerActor> => {
    const headers = { authorization: `Bearer ${token}`, 'drum-purpose': 'operation' };
    return (await access.authenticate({ headers })) as OfficerActor;
  };
  return {
    db,
    clock,
    clocks,
    access,
    policy,
    http,
    errors,
    administrator: await actor(local),
    actor,
    async enlist(id, roles) {
      const { code } = await access.officers.add(await actor(local), {
        id,
        office: 'national-centre',
        name: id,
        roles,
      });
      return (await access.sessions.signInOnce({ code, password })).token;
    },
    async call(method, url, token, body, headers = {}) {
      const response = await http.inject({
        method: method as 'GET',
        url,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          'drum-purpose': 'operation',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
      const answer = (response.body === '' ? {} : JSON.parse(response.body)) as Record<string, unknown>;
      return { status: response.statusCode, body: answer, code: answer['code'] };
    },
    async close() {
      await http.close();
      await access.close();
      await clocks.close();
      await db.close();
    },
  };
}
