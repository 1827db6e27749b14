import { Counter } from 'prom-client';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import type { ListingBody, ListingWithdrawalBody } from '@bronze-drum/protocol/statements/listing';
import { actorId } from '../kernel/actor.ts';
import { instantMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import type { Db, Tx } from '../platform/db.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { allowListOf, type AllowList } from './allow-list.ts';
import * as applied from './applying-store.ts';
import { faultOf, revisionMax, type Fault } from './faults.ts';
import { listedChange, type ListedChange } from './listed.ts';
import { end, erase, isListed, nameOf, newStanding, put, type Standing } from './standing.ts';
import { rowOf, type ListingRow } from './store.ts';

export interface ApplyingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'member' | 'read'>;
  readonly telemetry?: Telemetry | undefined;
}

/** What other members say of listings, and what this one said itself and lost with its database, put into the table. */
export interface Applying {
  /** Applies statements in any order and however often they come. */
  apply(tx: Tx, entries: readonly Entry[]): Promise<void>;
  /** What an entry changes in a view in memory; undefined if nothing, or if it is not applied here. */
  changeOf(entry: Entry): ListedChange | undefined;
  /** Calls back, after the commit, with what views must drop although no statement that they hear tells them to. */
  onDropped(hear: (changes: readonly ListedChange[]) => void): void;
}

export const appliedKinds = ['listing', 'listing-withdrawal', 'erasure'] as const;

export function openApplying(parts: ApplyingParts): Applying {
  const { clock, policy, journal } = parts;
  const heard = new Set<(changes: readonly ListedChange[]) => void>();
  const count = openCount(parts.telemetry);
  const allowList = (): AllowList => allowListOf(policy.at(clock.now()));

  async function apply(tx: Tx, entries: readonly Entry[]): Promise<void> {
    const page = await readPage(tx, parts, entries.filter(isApplied));
    const isAllowed = allowList();
    const drops: ListedChange[] = [];
    for (const entry of page.entries) applyOne(page, entry, isAllowed, drops, count);
    await applied.insertErased(tx, page.erasures);
    await applied.writeStandings(tx, page.standings.values());
    if (drops.length > 0) tx.afterCommit(() => heard.forEach((hear) => hear(drops)));
  }

  /** What this member says itself is in the table from the transaction that says it. */
  const isApplied = (entry: Entry): boolean =>
    entry.statement !== null && (entry.member !== journal.member || entry.redelivered === true);

  return {
    apply,
    changeOf(entry) {
      const change = listedChange(entry);
      if (change === undefined || entry.member === journal.member) return change;
      if (faultOf(entry.statement!) !== undefined) return undefined;
      if ('end' in change || !allowList().holds(change.put.key)) return change;
      const { id, member, revision, key } = change.put;
      return { end: { id, member, revision, key } };
    },
    onDropped: (hear) => void heard.add(hear),
  };
}

type Count = (entry: Entry, fault: Fault | 'contradiction') => void;

/** Statements to be applied, and what was known of their listings before. */
interface Page {
  readonly entries: readonly Entry[];
  readonly standings: Map<string, Standing>;
  readonly byPlace: Map<string, Standing>;
  readonly erasures: readonly applied.Place[];
  readonly erased: ReadonlySet<string>;
  /** This member's own erased listings, which bear no number here: by the erasure's place. */
  readonly ownErased: ReadonlyMap<string, ListingBody>;
  readonly own: string;
}

const placeOf = ({ member, book, number }: applied.Place): string => `${member}/${book}/${number}`;
const kindOf = (entry: Entry): string => entry.statement!.envelope.kind;

async function readPage(tx: Tx, { journal }: ApplyingParts, entries: readonly Entry[]): Promise<Page> {
  const ids = new Set<string>();
  const late: applied.Place[] = [];
  const erasures: applied.Place[] = [];
  const ownErased = new Map<string, ListingBody>();
  for (const entry of entries) {
    const { member, book } = entry;
    if (kindOf(entry) === 'erasure') {
      const { number } = entry.statement!.body as ErasureBody;
      erasures.push({ member, book, number });
      const own = member === journal.member ? await readOwn(journal, book, number) : undefined;
      if (own === undefined) continue;
      ids.add(own.id);
      ownErased.set(placeOf({ member, book, number }), own);
      continue;
    }
    ids.add((entry.statement!.body as ListingBody).id);
    if (entry.redelivered === true) late.push({ member, book, number: entry.number });
  }
  const standings = await applied.readStandings(tx, [...ids], erasures);
  const byPlace = new Map<string, Standing>();
  for (const standing of standings.values()) if (standing.row !== null) keepPlace(byPlace, standing, standing.row);
  // Within a book an erasure comes after what it erases, unless that was held back and is handed on late.
  const erased = late.length === 0 ? [] : await applied.readErased(tx, late);
  return {
    entries,
    standings,
    byPlace,
    erasures,
    erased: new Set(erased.map(placeOf)),
    ownErased,
    own: journal.member,
  };
}

async function readOwn(journal: ApplyingParts['journal'], book: string, number: number) {
  const [entry] = await journal.read(book, number, 1);
  return entry?.statement?.envelope.kind === 'listing' ? (entry.statement.body as ListingBody) : undefined;
}

function keepPlace(byPlace: Map<string, Standing>, standing: Standing, row: ListingRow): void {
  if (row.number !== null) byPlace.set(placeOf({ member: row.member, book: row.book, number: row.number }), standing);
}

function applyOne(page: Page, entry: Entry, allowList: AllowList, drops: ListedChange[], count: Count): void {
  const statement = entry.statement!;
  const at = new Date(instantMs(statement.envelope.at));
  if (kindOf(entry) === 'erasure') {
    applyErasure(page, entry, at, drops);
    return;
  }
  const fault = entry.member === page.own ? undefined : faultOf(statement);
  if (fault !== undefined) {
    count(entry, fault);
    return;
  }
  const body = statement.body as ListingBody | ListingWithdrawalBody;
  const name = nameOf(entry.member, body.id);
  let known = page.standings.get(name);
  if (known === undefined) page.standings.set(name, (known = newStanding(entry.member, body.id)));
  const before = { isVoid: known.end?.state === 'void', key: known.key };
  if ('reason' in body) {
    const state = body.reason === 'released' ? 'released' : 'withdrawn';
    end(known, { revision: body.revision, state, key: body.key, at });
  } else if (page.erased.has(placeOf(entry))) {
    end(known, { revision: body.revision, state: 'erased', key: null, at });
  } else {
    const row = readRow(entry, body, allowList, page.own, known.row);
    put(known, row);
    if (known.row === row) keepPlace(page.byPlace, known, row);
  }
  if (known.end === null) return;
  // A view that was rebuilt does not remember what has ended: a claim that comes late would live again there.
  if ('since' in body) drops.push(drop(known, Math.max(known.revision, body.revision), body.key));
  if (known.end.state !== 'void' || before.isVoid) return;
  count(entry, 'contradiction');
  if (before.key !== null) drops.push(drop(known, revisionMax, before.key));
}

function applyErasure(page: Page, entry: Entry, at: Date, drops: ListedChange[]): void {
  const { number } = entry.statement!.body as ErasureBody;
  const place = placeOf({ member: entry.member, book: entry.book, number });
  const own = page.ownErased.get(place);
  const known = own === undefined ? page.byPlace.get(place) : page.standings.get(nameOf(entry.member, own.id));
  const row = known?.row;
  if (known === undefined || row == null) return;
  if (own === undefined ? row.number !== number || row.book !== entry.book : known.revision > own.revision) return;
  if (isListed(known)) drops.push(drop(known, known.revision, row.key));
  erase(known, at);
}

const drop = ({ member, id }: Standing, revision: number, key: string): ListedChange => ({
  end: { id, member, revision, key },
});

function readRow(entry: Entry, body: ListingBody, list: AllowList, own: string, known: ListingRow | null): ListingRow {
  const { member, book, number } = entry;
  const { author, at, handling, retention } = entry.statement!.envelope;
  const said = { member, book, office: author.office, atMs: instantMs(at), handling, body };
  if (member === own) {
    const by = new Set(known?.acted_by ?? []);
    if (author.officer !== undefined) by.add(`officer:${author.officer}`);
    else by.add(actorId({ kind: 'rule', rule: author.rule ?? 'recovered' }));
    return rowOf(said, { by: [...by], import: known?.import ?? null, boundTo: known?.bound_to ?? null });
  }
  return {
    ...rowOf(said, { by: [], import: null }),
    number,
    keep_until: retention === undefined ? null : new Date(retention.until),
    barred: list.holds(body.key),
  };
}

function openCount(telemetry: Telemetry | undefined): Count {
  if (telemetry === undefined) return () => undefined;
  const counter = new Counter({
    name: 'drum_registry_not_applied_total',
    help: 'Statements of other members about listings that were kept out, by why',
    labelNames: ['member', 'why'],
    registers: [telemetry.metrics],
  });
  return (entry, why) => {
    counter.inc({ member: entry.member, why });
    const { member, book, number } = entry;
    telemetry.log.warn({ of: member, book, number, why }, 'a listing of another member was not applied');
  };
}
