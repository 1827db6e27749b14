import { readFile } from 'node:fs/promises';
import { openTestAccess, type TestAccess } from '../access/test-access.ts';
import { openJournal, type Draft, type Journal } from '../journal/journal.ts';
import { instantText } from '../kernel/clock.ts';
import { parsePolicy } from '../kernel/policy.ts';
import type { Db } from '../platform/db.ts';
import { openTelemetry, type Telemetry } from '../platform/telemetry.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { listedChange, type ListedRow } from '../registry/registry.ts';
import type { ScreenResponse } from './contract.ts';
import { screeningRoutes } from './routes.ts';
import { openScreening, type Screening } from './screening.ts';

export interface TestScreening extends Omit<TestAccess, 'call'> {
  readonly journal: Journal;
  readonly telemetry: Telemetry;
  /** A bank's key. */
  readonly bank: string;
  screening(): Screening;
  /** Says statements, and waits until screening has heard them. */
  say(...rows: readonly ListedRow[]): Promise<void>;
  withdraw(row: ListedRow): Promise<void>;
  /** Closes the room and opens it again over the same database; its listings can be read once `from` resolves. */
  reopen(options?: { db?: Db; from?: Promise<void> }): Promise<void>;
  screen(
    token: string,
    identifiers: unknown,
  ): Promise<{ status: number; code: unknown; results: ScreenResponse['results'] }>;
  post(token: string | undefined, payload: string): Promise<{ status: number; code: unknown; body: string }>;
}

/** The room over an empty database, with a real journal, real keys, and a registry that reads what the journal says. */
export async function openTestScreening(): Promise<TestScreening> {
  const house = await openTestAccess();
  const { db, clock, clocks, access, http } = house;
  const policy = parsePolicy(await readFile(new URL('../../../policies/th.json', import.meta.url), 'utf8'));
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const onError = (error: unknown) => house.errors.push(error);
  const journal = await openJournal({ db, clock, signer: openTestSigner(), member: 'th', onError });
  let readableFrom = Promise.resolve();
  const registry = { snapshot: () => readableFrom.then(() => snapshotOf(journal, db)) };
  const open = (over: Db, openClocks = clocks) =>
    openScreening({
      db: over,
      clock,
      clocks: openClocks,
      policy,
      journal,
      registry,
      access,
      telemetry,
      seed: 'a test',
    });
  let screening = await open(db);
  screeningRoutes(
    http,
    {
      ready: () => screening.ready(),
      caughtUp: () => screening.caughtUp(),
      screen: (...asked) => screening.screen(...asked),
      adviceOn: (key) => screening.adviceOn(key),
      hitsAfter: (...asked) => screening.hitsAfter(...asked),
      onHits: (hear) => screening.onHits(hear),
      close: () => screening.close(),
    },
    access,
  );
  await screening.caughtUp();
  const quota = { perSecond: 100_000, burst: 100_000 };
  await access.institutions.add(house.administrator, { id: 'bank-a', name: 'Bank A', kind: 'bank', quota });
  const { key: bank } = await access.keys.issue(house.administrator, 'bank-a', {});
  const append = async (draft: Draft): Promise<void> => {
    await db.tx((tx) => journal.append(tx, [draft]));
    await screening.caughtUp();
  };
  const post: TestScreening['post'] = async (token, payload) => {
    const headers = {
      'content-type': 'application/json',
      'drum-purpose': 'alert',
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const response = await http.inject({ method: 'POST', url: '/v1/screen', headers, payload });
    return { status: response.statusCode, code: codeOf(response.body), body: response.body };
  };
  return {
    ...house,
    journal,
    telemetry,
    bank,
    screening: () => screening,
    async say(...rows) {
      for (const row of rows) await append(listingDraft(row));
    },
    withdraw: (row) =>
      append({
        ...envelope('listing-withdrawal'),
        body: { id: row.id, revision: row.revision + 1, key: row.key, reason: 'mistaken', grounds: 'a test' },
      }),
    async reopen({ db: over = db, from = Promise.resolve() } = {}) {
      await screening.close();
      readableFrom = from;
      telemetry.metrics.clear();
      // The clock of retention has its handler already.
      screening = await open(over, { ...clocks, on: () => undefined });
    },
    post,
    async screen(token, identifiers) {
      const { status, code, body } = await post(token, JSON.stringify({ identifiers }));
      return { status, code, results: (JSON.parse(body) as Partial<ScreenResponse>).results ?? [] };
    },
    async close() {
      await screening.close();
      await journal.close();
      await house.close();
    },
  };
}

const codeOf = (body: string): unknown => (JSON.parse(body) as { code?: unknown }).code;

const envelope = (kind: string): Omit<Draft, 'body'> => ({
  book: 'alliance',
  kind,
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
});

function listingDraft(row: ListedRow): Draft {
  const { id, revision, key, tier, typologies, discreet } = row;
  const term = { since: instantText(row.sinceMs), until: instantText(row.untilMs) };
  const claim = { offence: 'telecom-online-fraud', grading: { source: 'A', information: 1 }, grounds: 'a test' };
  return {
    ...envelope('listing'),
    body: {
      id,
      revision,
      key,
      tier,
      typologies,
      ...claim,
      ...term,
      discreet,
      sighting: row.presented ? 'presented' : 'originating',
    },
  };
}

async function snapshotOf(journal: Journal, db: Db) {
  const positions = await journal.positions(db, 'registry');
  const rows = new Map<string, ListedRow>();
  for (const book of await journal.books()) {
    for (const entry of await journal.read(book.name, 0, book.size)) {
      const change = listedChange(entry);
      if (change === undefined) continue;
      if ('put' in change) rows.set(change.put.id, change.put);
      else rows.delete(change.end.id);
    }
  }
  return {
    positions,
    rows: (async function* batches(): AsyncGenerator<ListedRow[]> {
      yield [...rows.values()];
    })(),
  };
}
