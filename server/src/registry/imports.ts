import { isRefusal } from '@bronze-drum/protocol/refusals';
import { mayLeave } from '@bronze-drum/protocol/handling';
import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import { actorId, type Actor, type OfficerActor } from '../kernel/actor.ts';
import { instantMs, instantText } from '../kernel/clock.ts';
import { derivedId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { needsSecondPerson } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Draft } from '../journal/journal.ts';
import type { Tx } from '../platform/db.ts';
import type { BatchReport, ImportBatch, ImportReport, ImportTerms } from './contract.ts';
import * as imports from './import-store.ts';
import { keepExports } from './exports.ts';
import { judge, mayNeedApproval } from './import-judging.ts';
import { bookOf } from './rules.ts';
import { authorOf, end, retentionOf, variantOf, type ListingParts } from './saying.ts';
import * as store from './store.ts';

interface Start {
  readonly id: string;
  readonly terms: ImportTerms;
  /** What it lists leaves the country with the decision on it. */
  readonly exports?: true;
}

// Taking in is serialized in one database: two feeds that name the same identifiers would otherwise wait for each other.
const importLock = 0x494d5031;

export function openImports(parts: ListingParts) {
  const { db, clock, policy, journal, access } = parts;

  access.defineAct({
    act: 'registry.import',
    permission: 'registry.approve',
    perform: async (tx, actor, payload, approval) => {
      const { id, terms } = payload as Start;
      return imports.openImport(tx, {
        id,
        source: terms.source,
        terms: JSON.stringify(terms),
        started_by: actorId(actor),
        office: actor.office,
        approved_by: approval === null ? null : `officer:${approval.approver}`,
        started_at: new Date(clock.now()),
      });
    },
    undo: (tx, payload) => undo(parts, tx, (payload as Start).id),
    ...keepExports((payload) => {
      const { terms, exports } = payload as Start;
      if (exports !== true) return null;
      const book = bookOf(journal.member, terms.audience);
      return { listing: null, subject: `import:${terms.source}`, discreet: terms.discreet ?? false, book };
    }),
  });

  async function report(id: string): Promise<ImportReport> {
    return imports.reportOf((await imports.readImport(db, id)) ?? refuse('not-found.import'));
  }

  return {
    /** Opens an import under its terms; one that was interrupted goes on, and its report says from where. */
    async start(
      actor: Actor,
      terms: ImportTerms,
    ): Promise<{ import: ImportReport; review?: string } | { proposal: string }> {
      const officer = access.requireOfficer(actor, 'registry.list');
      if (terms.discreet === true) access.requirePermission(officer, 'registry.discreet');
      const book = bookOf(journal.member, terms.audience);
      if (terms.type === 'person' && book !== 'domestic') refuse('registry.person-stays-home');
      if (terms.type === 'phone' && terms.sighting === undefined) refuse('registry.sighting-needed');
      const id = derivedId('import', journal.member, officer.office, JSON.stringify(sorted(terms)));
      const known = await imports.readImport(db, id);
      if (known?.state === 'open') return { import: imports.reportOf(known) };
      const rules = policy.at(clock.now());
      const variant = variantOf(terms);
      if (needsSecondPerson(rules, `registry.import:${variant}`)) access.requireStepUp(officer);
      const bar = mayLeave(terms.handling, book, terms.type ?? 'ip');
      if (bar !== undefined) refuse(bar.refused, bar.params);
      const waits = mayNeedApproval(rules, terms, book);
      const outcome = await access.perform(officer, {
        act: 'registry.import',
        variant,
        payload: { id, terms, ...(waits && { exports: true }) } satisfies Start,
        subject: `import:${terms.source}`,
        ...(waits && { always: true, decideWithinHours: rules.sharing.exportApproval.decideWithinHours }),
      });
      if ('proposal' in outcome) return outcome;
      return { import: await report(id), ...(outcome.review !== undefined && { review: outcome.review }) };
    },

    /**
     * Takes one batch, whole or not at all. Items that may not be listed are refused one by one. A batch that arrives
     * before its predecessor has been taken waits for it, so that a client may have two under way.
     */
    async take(actor: Actor, id: string, batch: ImportBatch): Promise<BatchReport> {
      const officer = access.requireOfficer(actor, 'registry.list');
      const judged = judgeBatch(parts, (await imports.readImport(db, id)) ?? refuse('not-found.import'), batch);
      return db.tx(async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock($1)', [importLock]);
        const row = await ownOpen(tx, id, officer);
        if (row.items !== batch.after) refuse('conflict.import-position', { items: row.items });
        return takeBatch(parts, tx, officer, row, batch, judged);
      });
    },

    async rewind(actor: Actor, id: string): Promise<ImportReport> {
      const officer = access.requireOfficer(actor, 'registry.list');
      await db.tx(async (tx) => {
        await ownOpen(tx, id, officer);
        await imports.rewindImport(tx, id);
      });
      return report(id);
    },

    async finish(actor: Actor, id: string): Promise<ImportReport> {
      const officer = access.requireOfficer(actor, 'registry.list');
      await db.tx(async (tx) => {
        await ownOpen(tx, id, officer);
        await imports.closeImport(tx, id, 'finished', new Date(clock.now()));
      });
      return report(id);
    },

    async get(actor: Actor, id: string): Promise<ImportReport> {
      access.requireOfficer(actor, 'registry.search');
      return report(id);
    },

    async list(
      actor: Actor,
      query: { after?: string; limit: number },
    ): Promise<{ imports: ImportReport[]; next?: string }> {
      access.requireOfficer(actor, 'registry.search');
      const rows = await imports.listImports(db, readPlace(query.after), query.limit + 1);
      const { page, next } = cutPage(rows, query.limit, (last) => [instantText(last.started_at.getTime()), last.id]);
      return { imports: page.map(imports.reportOf), ...next };
    },
  };
}

function readPlace(after: string | undefined): { at: string; id: string } | undefined {
  if (after === undefined) return undefined;
  const [at, id] = readPageToken(after, 2) as [string, string];
  if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) refuse('malformed.page');
  return { at, id };
}

function sorted(terms: ImportTerms): [string, unknown][] {
  return Object.entries(terms).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function ownOpen(tx: Tx, id: string, officer: OfficerActor): Promise<imports.ImportRow> {
  const row = (await imports.lockImport(tx, id)) ?? refuse('not-found.import');
  if (row.office !== officer.office) refuse('not-found.import');
  if (row.state !== 'open') refuse('conflict.import-closed', { state: row.state });
  return row;
}

interface JudgedBatch {
  readonly nowMs: number;
  readonly bodies: Map<string, { line: number; body: ListingBody }>;
  readonly refused: BatchReport['refused'];
  /** Items that name what an earlier item of the batch named. */
  readonly repeated: number;
}

/** What a batch would list, decided without the database. An import's terms never change. */
function judgeBatch(parts: ListingParts, row: imports.ImportRow, batch: ImportBatch): JudgedBatch {
  const { clock, policy, journal } = parts;
  const nowMs = clock.now();
  const rules = policy.at(nowMs);
  const terms = imports.termsOf(row);
  const book = bookOf(journal.member, terms.audience);
  const refused: BatchReport['refused'] = [];
  const bodies: JudgedBatch['bodies'] = new Map();
  let repeated = 0;
  for (const item of batch.items) {
    const judged = judge(
      { rules, member: journal.member, book, terms, mayExport: row.approved_by !== null },
      item,
      nowMs,
    );
    if (isRefusal(judged)) refused.push({ line: item.line, ...judged });
    else if (bodies.has(judged.id)) repeated += 1;
    else bodies.set(judged.id, { line: item.line, body: judged });
  }
  return { nowMs, bodies, refused, repeated };
}

async function takeBatch(
  parts: ListingParts,
  tx: Tx,
  officer: OfficerActor,
  row: imports.ImportRow,
  batch: ImportBatch,
  judged: JudgedBatch,
): Promise<BatchReport> {
  const { nowMs, bodies, refused } = judged;
  let known = judged.repeated;
  for (const there of await store.lockKnown(tx, parts.journal.member, [...bodies.keys()])) {
    const { line, body } = bodies.get(there.id)!;
    if (there.state === 'listed' && there.until.getTime() > nowMs) {
      known += 1;
      bodies.delete(there.id);
    } else if (there.state === 'released') {
      refused.push({ line, refused: 'registry.released' });
      bodies.delete(there.id);
    } else {
      bodies.set(there.id, { line, body: { ...body, revision: there.revision + 1 } });
    }
  }
  await say(
    parts,
    tx,
    officer,
    row,
    nowMs,
    [...bodies.values()].map(({ body }) => body),
  );
  const counts = { items: batch.items.length, taken: bodies.size, known, refused: refused.length };
  await imports.advanceImport(tx, row.id, { ...counts, digest: batch.digest });
  refused.sort((a, b) => a.line - b.line);
  return { items: row.items + batch.items.length, taken: bodies.size, known, refused };
}

async function say(
  parts: ListingParts,
  tx: Tx,
  officer: OfficerActor,
  row: imports.ImportRow,
  nowMs: number,
  bodies: readonly ListingBody[],
): Promise<void> {
  if (bodies.length === 0) return;
  const { handling, audience } = imports.termsOf(row);
  const book = bookOf(parts.journal.member, audience);
  const author = authorOf(officer);
  const rules = parts.policy.at(nowMs);
  const drafts = bodies.map((body): Draft => ({
    book,
    kind: 'listing',
    version: 1,
    author,
    handling,
    retention: retentionOf(rules, instantMs(body.until)),
    subject: body.key,
    body,
  }));
  await parts.journal.append(tx, drafts);
  const by = [...new Set([row.started_by, actorId(officer), ...(row.approved_by === null ? [] : [row.approved_by])])];
  const rows = bodies.map((body) =>
    store.rowOf(
      { member: parts.journal.member, book, office: row.office, atMs: nowMs, handling, body },
      { by, import: row.id },
    ),
  );
  await store.copyListings(
    tx,
    rows.filter((listing) => listing.revision === 1),
  );
  await store.putListings(
    tx,
    rows.filter((listing) => listing.revision > 1),
  );
}

const undoAtOnce = 1000;

/** A second person did not confirm the import: everything that it listed ends, in one transaction. */
async function undo(parts: ListingParts, tx: Tx, id: string): Promise<void> {
  const row = await imports.lockImport(tx, id);
  if (row === undefined) return;
  const author = { office: row.office, rule: 'second-person' };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const listings = await store.readImported(tx, id, after, undoAtOnce);
    for (const listing of listings) {
      await end(parts, tx, listing, {
        reason: 'mistaken',
        grounds: 'a second person did not confirm the import',
        author,
      });
    }
    if (listings.length < undoAtOnce) break;
    after = listings.at(-1)!.id;
  }
  await imports.closeImport(tx, id, 'undone', new Date(parts.clock.now()));
}
