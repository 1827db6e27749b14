import { readFile } from 'node:fs/promises';
import type { ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';
import { openAccess, type Access, type Role } from '../access/access.ts';
import { password } from '../access/test-access.ts';
import { openJournal, type Draft, type Entry, type Journal } from '../journal/journal.ts';
import type { OfficerActor } from '../kernel/actor.ts';
import { testClock, type TestClock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { parsePolicy, type PolicyRules } from '../kernel/policy.ts';
import { openClocks, type Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import type { LiveTopic } from '../platform/live.ts';
import { openRates } from '../platform/rates.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import type { NewRequest } from './contract.ts';
import { openLiaison, type OpenLiaison } from './liaison.ts';
import type { LiaisonParts } from './parts.ts';
import type { RequestRecord } from './store.ts';

type Finding = Parameters<LiaisonParts['alerts']['raise']>[1][number];

/** One member’s liaison over an empty database: journal, access and clocks are real; alerts and exhibits are noted. */
export interface TestDesk {
  readonly member: string;
  readonly db: Db;
  readonly clocks: Clocks;
  readonly journal: Journal;
  readonly access: Access;
  readonly liaison: OpenLiaison;
  readonly alerts: Finding[];
  readonly topic: LiveTopic<RequestRecord>;
  readonly published: RequestRecord[];
  officer(id: string, ...roles: Role[]): Promise<OfficerActor>;
  say(...drafts: Draft[]): Promise<void>;
}

export interface TestLiaison {
  readonly clock: TestClock;
  desk(member: string): TestDesk;
  /** Every statement reaches its readers, everything is heard, and what is due is done. */
  settle(): Promise<void>;
  /** Moves the clock, then settles. */
  pass(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A Wednesday morning in all six countries. */
const beginMs = Date.UTC(2026, 9, 7, 3, 0);

/** The liaison of some members who hear each other, under their own policies as changed. */
export async function openTestLiaison(
  members: readonly string[],
  change: (rules: PolicyRules, member: string) => void = () => undefined,
): Promise<TestLiaison> {
  const clock = testClock(beginMs);
  const errors: unknown[] = [];
  const desks = new Map<string, TestDesk>();
  for (const member of members) desks.set(member, await openDesk(member, clock, change, errors));
  const desk = (member: string): TestDesk => desks.get(member)!;

  async function settle(): Promise<void> {
    for (let moved = true; moved;) {
      moved = false;
      for (const { liaison, clocks } of desks.values()) {
        await liaison.caughtUp();
        if ((await clocks.run()) > 0) moved = true;
      }
      for (const from of desks.values())
        for (const to of desks.values()) if (from !== to && (await hand(from, to))) moved = true;
    }
    if (errors.length > 0) throw errors[0] as Error;
  }

  await settle();
  return {
    clock,
    desk,
    settle,
    async pass(durationMs) {
      clock.advance(durationMs);
      await settle();
    },
    async close() {
      for (const { liaison, access, clocks, journal, db } of desks.values()) {
        await liaison.close();
        await access.close();
        await clocks.close();
        await journal.close();
        await db.close();
      }
    },
  };
}

/** Copies what one member said in the books that the other reads. */
async function hand(from: TestDesk, to: TestDesk): Promise<boolean> {
  let moved = false;
  for (const { name, size } of await from.journal.books(from.member)) {
    if (name !== 'alliance' && !name.split('+').includes(to.member)) continue;
    const known = (await to.journal.books(from.member)).find((book) => book.name === name)?.size ?? 0;
    if (known >= size) continue;
    const entries: Entry[] = await from.journal.read(name, known, 20_000);
    await to.db.tx((tx) => to.journal.receive(tx, { member: from.member, book: name, entries, accept: () => null }));
    moved = true;
  }
  return moved;
}

async function openDesk(
  member: string,
  clock: TestClock,
  change: (rules: PolicyRules, member: string) => void,
  errors: unknown[],
): Promise<TestDesk> {
  const db = await openTestDb();
  const onError = (error: unknown) => errors.push(error);
  const clocks = await openClocks({ db, clock, onError });
  const file = JSON.parse(await readFile(new URL(`../../../policies/${member}.json`, import.meta.url), 'utf8')) as {
    rules: PolicyRules[];
  };
  for (const rules of file.rules) change(rules, member);
  const policy = parsePolicy(JSON.stringify(file));
  const telemetry = openTelemetry({ level: 'silent', member });
  const journal = await openJournal({ db, clock, signer: openTestSigner(), member, onError });
  const access = await openAccess({ db, clock, clocks, rates: openRates(clock), policy, telemetry, member });
  await access.firstRun();
  const actor = async (token: string): Promise<OfficerActor> => {
    const headers = { authorization: `Bearer ${token}`, 'drum-purpose': 'request' };
    return (await access.authenticate({ headers })) as OfficerActor;
  };
  const administrator = await actor(await access.localKey());
  const alerts: Finding[] = [];
  const published: RequestRecord[] = [];
  const state = { topic: undefined as LiveTopic<RequestRecord> | undefined };
  const liaison = await openLiaison({
    db,
    clock,
    clocks,
    policy,
    journal,
    access,
    telemetry,
    directory: { isMember: (code) => ['cn', 'kh', 'la', 'mm', 'th', 'vn'].includes(code) },
    alerts: { raise: async (_tx, findings) => void alerts.push(...findings), ledTo: async () => undefined },
    evidence: { attach: async (_tx, _by, ids) => ids.map(exhibitOf) },
    live: {
      topic(topic) {
        state.topic = topic as unknown as LiveTopic<RequestRecord>;
        return {
          publish: (changes) => void published.push(...changes.map(({ item }) => item as unknown as RequestRecord)),
        };
      },
    },
  });
  await liaison.start();
  return {
    member,
    db,
    clocks,
    journal,
    access,
    liaison,
    alerts,
    topic: state.topic!,
    published,
    async officer(id, ...roles) {
      const { code } = await access.officers.add(administrator, { id, office: 'national-centre', name: id, roles });
      return actor((await access.sessions.signInOnce({ code, password })).token);
    },
    say: async (...drafts) => void (await db.tx((tx) => journal.append(tx, drafts))),
  };
}

export const exhibitOf = (id: string): ExhibitRef => ({
  id,
  sha256: 'a'.repeat(64),
  bytes: 10,
  mediaType: 'text/plain',
  title: 'a receipt',
});

const account = 'account:VN:970436:00123456789';

/** A request to hold money in Viet Nam, as changed. */
export function holdRequest(change: Partial<NewRequest> = {}): NewRequest {
  return {
    kind: 'hold',
    to: { member: 'vn' },
    priority: 'P1',
    offence: 'telecom-online-fraud',
    purpose: 'stop-money',
    necessity: { language: 'th', text: 'เงินของผู้เสียหายถูกโอนไปยังบัญชีนี้' },
    details: { account, amount: { value: '9000000', currency: 'VND' } },
    ...change,
  };
}

/** A question to another member, as changed. */
export function question(to: string, change: Partial<NewRequest> = {}): NewRequest {
  return {
    kind: 'information',
    to: { member: to },
    priority: 'P2',
    offence: 'telecom-online-fraud',
    purpose: 'investigation',
    necessity: { language: 'en', text: 'one ring, three countries' },
    details: { question: { language: 'en', text: 'whose number is this?' }, subjects: ['phone:+66812345678'] },
    ...change,
  };
}

/** The codes of what was alerted, with the step or deed. */
export const alertedOf = (desk: TestDesk): string[] =>
  desk.alerts.map(({ code, params }) =>
    [code, params['deed'], params['clock'], params['step']].filter(Boolean).join(' '),
  );

export const ruleRequestId = (name: string): string => derivedId('test-request', name);
