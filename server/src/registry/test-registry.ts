import type { Handling } from '@bronze-drum/protocol/handling';
import type { ListingBody, ListingWithdrawalBody } from '@bronze-drum/protocol/statements/listing';
import { readFile } from 'node:fs/promises';
import { openTestAccess, type Answer, type TestAccess } from '../access/test-access.ts';
import { testClock, type TestClock } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { openJournal, type Draft, type Entry, type Journal } from '../journal/journal.ts';
import type { Db } from '../platform/db.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { parsePolicy, type PolicyRules } from '../kernel/policy.ts';
import { openRedress, type Redress } from '../redress/redress.ts';
import { openRegistry, type Registry } from './registry.ts';
import { registryRoutes } from './routes.ts';

/** Another member's server, as far as its journal goes. */
export interface TestMember {
  readonly journal: Journal;
  readonly db: Db;
  readonly clock: TestClock;
  say(...drafts: Draft[]): Promise<void>;
  /** Copies what a book here says, from where the copy there ends. */
  copyTo(there: { db: Db; journal: Journal }, book?: string): Promise<Entry[]>;
  close(): Promise<void>;
}

export async function openTestMember(member: string, atMs: number): Promise<TestMember> {
  const db = await openTestDb();
  const clock = testClock(atMs);
  const onError = (error: unknown): void => {
    throw error;
  };
  const journal = await openJournal({ db, clock, signer: openTestSigner(), member, onError });
  return {
    journal,
    db,
    clock,
    say: async (...drafts) => void (await db.tx((tx) => journal.append(tx, drafts))),
    async copyTo(there, book = 'alliance') {
      const size = (await there.journal.books(member)).find(({ name }) => name === book)?.size ?? 0;
      const entries = await journal.read(book, size, 20_000);
      if (entries.length > 0)
        await there.db.tx((tx) => there.journal.receive(tx, { member, book, entries, accept: () => null }));
      return entries;
    },
    async close() {
      await journal.close();
      await db.close();
    },
  };
}

export const amber: Handling = { tlp: 'AMBER', conditions: [] };

export interface ListingChange extends Partial<ListingBody> {
  readonly handling?: Handling;
  readonly book?: string;
  readonly keepUntil?: string;
}

/** A listing in force in 2026, as changed. */
export function listingDraft(key: string, change: ListingChange = {}): Draft<ListingBody> {
  const { handling = amber, book = 'alliance', keepUntil, ...body } = change;
  return {
    book,
    kind: 'listing',
    version: 1,
    author: { office: 'aoc', officer: 'malee' },
    handling,
    subject: key,
    ...(keepUntil !== undefined && { retention: { until: keepUntil } }),
    body: {
      id: derivedId('listing', 'of', key),
      revision: 1,
      key,
      tier: 'victim',
      typologies: ['mule-account'],
      offence: 'telecom-online-fraud',
      grading: { source: 'B', information: 2 },
      grounds: 'three victims named it',
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-12-01T00:00:00.000Z',
      discreet: false,
      ...body,
    },
  };
}

export function withdrawalDraft(
  key: string,
  change: Partial<ListingWithdrawalBody> & { book?: string } = {},
): Draft<ListingWithdrawalBody> {
  const { book = 'alliance', ...body } = change;
  const id = body.id ?? derivedId('listing', 'of', key);
  return {
    book,
    kind: 'listing-withdrawal',
    version: 1,
    author: { office: 'aoc' },
    handling: amber,
    subject: key,
    withdraws: id,
    body: { id, revision: 2, key, reason: 'mistaken', grounds: 'another was meant', ...body },
  };
}

export interface TestRegistry extends TestAccess {
  readonly journal: Journal;
  readonly redress: Redress;
  readonly registry: Registry;
  /** Lists over HTTP. */
  list(token: string, identifier: string, more?: object): Promise<Answer>;
}

/** Thailand's registry with its routes over an empty database, under a policy as changed. */
export async function openTestRegistry(change: (rules: PolicyRules) => void = () => undefined): Promise<TestRegistry> {
  const house = await openTestAccess(change);
  const { db, clock, clocks, access, http } = house;
  const file = JSON.parse(await readFile(new URL('../../../policies/th.json', import.meta.url), 'utf8')) as {
    rules: PolicyRules[];
  };
  file.rules.forEach(change);
  const policy = parsePolicy(JSON.stringify(file));
  const onError = (error: unknown) => house.errors.push(error);
  const journal = await openJournal({ db, clock, signer: openTestSigner(), member: 'th', onError });
  const redress = await openRedress({ db, clock, clocks, policy, journal, access });
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const registry = await openRegistry({ db, clock, clocks, policy, journal, access, redress, telemetry });
  registryRoutes(http, registry, access);
  const claim = {
    tier: 'institution-confirmed',
    typologies: ['mule-account'],
    offence: 'telecom-online-fraud',
    grading: { source: 'B', information: 2 },
    grounds: 'confirmed by the bank',
    audience: 'alliance',
    handling: amber,
  };
  return {
    ...house,
    journal,
    redress,
    registry,
    list: (token, identifier, more = {}) =>
      house.call('POST', '/v1/registry/listings', token, { identifier, ...claim, ...more }),
    async close() {
      await journal.close();
      await house.close();
    },
  };
}
