import { isRefusal } from '@bronze-drum/protocol/refusals';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { LedgerLine, RefusalPage, RefusalsQuery } from './contract.ts';
import type { Given, Ledger } from './ledger.ts';

export interface LedgerSearch {
  readonly reader?: string;
  readonly key?: string;
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Our ledger as officers and auditors read it. */
export function openLedgerViews(parts: {
  readonly db: Db;
  readonly policy: Policy;
  readonly access: Access;
  readonly ledger: Ledger;
}) {
  const { db, access, ledger } = parts;

  async function ledgerPage(actor: Actor, query: LedgerSearch & { after?: string; limit: number }) {
    const officer = access.requireOfficer(actor, 'federation.read');
    const after = query.after === undefined ? { delivery: 0, number: -1 } : readPlace(query.after);
    const found: (Given & { place: readonly [number, number] })[] = [];
    for await (const given of ledger.statements(searchOf(query), after)) {
      found.push(given);
      if (found.length > query.limit) break;
    }
    const { page, next } = cutPage(found, query.limit, ({ place }) => place.map(String));
    await access.recordRead(db, officer, {
      what: 'ledger',
      subject: query.key ?? query.reader ?? 'all',
      count: page.length,
    });
    return { lines: page.map(lineOf), ...next };
  }

  async function* ledgerLines(actor: Actor, query: LedgerSearch): AsyncGenerator<LedgerLine> {
    const officer = access.requireOfficer(actor, 'federation.read');
    await access.recordRead(db, officer, { what: 'ledger', subject: query.key ?? query.reader ?? 'all', count: 0 });
    for await (const given of ledger.statements(searchOf(query), { delivery: 0, number: -1 })) yield lineOf(given);
  }

  async function refusalsPage(actor: Actor, query: RefusalsQuery): Promise<RefusalPage> {
    access.requireOfficer(actor, 'federation.read');
    const { reader, from, to } = searchOf(query);
    const after = query.after === undefined ? undefined : readRefusalPlace(query.after);
    const rows = await ledger.refusals({ reader, from: from ?? new Date(0), to, after, limit: query.limit + 1 });
    const { page, next } = cutPage(rows, query.limit, ({ minute, party, code }) => [minute.toISOString(), party, code]);
    return { refusals: page.map((row) => ({ ...row, minute: instantText(row.minute.getTime()) })), ...next };
  }

  function lineOf({ reader, atMs, book, number, envelope }: Given): LedgerLine {
    return {
      at: instantText(atMs),
      reader,
      book,
      number,
      kind: envelope?.kind ?? null,
      subject: envelope?.subject ?? null,
      author: envelope?.author ?? null,
      handling: envelope?.handling ?? null,
      basis: parts.policy.at(atMs).legalBasis,
    };
  }

  return { ledgerPage, ledgerLines, refusalsPage };
}

function searchOf({ reader, key, kind, from, to }: LedgerSearch) {
  const canonical = key === undefined ? undefined : parse(key);
  if (isRefusal(canonical)) return refuse(canonical.refused, canonical.params);
  return {
    reader,
    key: canonical,
    kind,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}

function readPlace(after: string): { delivery: number; number: number } {
  const [delivery, number] = readPageToken(after, 2).map(Number) as [number, number];
  if (!Number.isSafeInteger(delivery) || !Number.isSafeInteger(number)) refuse('malformed.page');
  return { delivery, number };
}

function readRefusalPlace(after: string): { minute: Date; party: string; code: string } {
  const [minute, party, code] = readPageToken(after, 3) as [string, string, string];
  const at = new Date(minute);
  return Number.isNaN(at.getTime()) ? refuse('malformed.page') : { minute: at, party, code };
}
