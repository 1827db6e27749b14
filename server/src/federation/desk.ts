import type { FastifyRequest } from 'fastify';
import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import type { AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { StatementKind } from '@bronze-drum/protocol/statements/kinds';
import type { Access, Permission } from '../access/access.ts';
import type { DeskReader, Entry, Journal } from '../journal/journal.ts';
import type { OfficerActor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';

export interface DeskParts {
  readonly db: Db;
  readonly access: Pick<Access, 'authenticate' | 'requireOfficer' | 'requirePurpose' | 'recordRead'>;
  readonly journal: Pick<Journal, 'about'>;
}

/** What shows a kind of statement to officers elsewhere. Kinds that are not here are shown to auditors alone. */
const shownBy: Partial<Record<StatementKind, Permission>> = {
  listing: 'registry.search',
  'listing-withdrawal': 'registry.search',
  request: 'liaison.read',
  'request-deed': 'liaison.read',
  'liaison-terms': 'liaison.read',
  'trace-report': 'funds.read',
  'trace-change': 'funds.read',
  hold: 'funds.read',
  'money-return': 'funds.read',
  order: 'orders.read',
  'order-outcome': 'orders.read',
  'order-end': 'orders.read',
};

const saidMax = 1000;

/**
 * Officers who verify entries of the journal: auditors, who may read all of it, and whoever may search the registry, who
 * reads of an entry only what they may read elsewhere.
 */
export function openDesk({ db, access, journal }: DeskParts) {
  async function mayRead(officer: OfficerActor, entry: Entry): Promise<boolean> {
    const may = (permission: Permission | undefined): boolean =>
      permission !== undefined && officer.permissions.has(permission);
    if (may('journal.read')) return true;
    const { kind } = entry.statement!.envelope;
    const act = (entry.statement!.body as Partial<AppealDecisionBody> | null)?.act?.kind;
    if (kind === 'appeal' || kind === 'appeal-decision') {
      if (act === 'hold') return may('funds.read');
      return act === 'listing' && may('registry.search') && (await isOpenTo(officer, entry));
    }
    if (!Object.hasOwn(shownBy, kind) || !may(shownBy[kind as StatementKind])) return false;
    return !kind.startsWith('listing') || isOpenTo(officer, entry);
  }

  /** What is said of a discreet listing is for those alone who see discreet ones; when in doubt it is one. */
  async function isOpenTo(officer: OfficerActor, entry: Entry): Promise<boolean> {
    if (officer.permissions.has('registry.discreet')) return true;
    const { subject } = entry.statement!.envelope;
    if (subject === undefined) return false;
    const said = await journal.about(subject, saidMax + 1);
    const ofIt = said.filter((one) => one.statement?.envelope.kind === 'listing' && idOf(one) === idOf(entry));
    return (
      said.length <= saidMax &&
      ofIt.length > 0 &&
      ofIt.every((one) => (one.statement!.body as Partial<ListingBody> | null)?.discreet === false)
    );
  }

  return async function desk(request: FastifyRequest): Promise<DeskReader> {
    const actor = await access.authenticate(request);
    if (actor.kind !== 'officer') return refuse('forbidden.permission', { permission: 'journal.read' });
    const isAuditor = actor.permissions.has('journal.read');
    const officer = access.requireOfficer(actor, isAuditor ? 'journal.read' : 'registry.search');
    return {
      requirePurpose: () => void access.requirePurpose(officer),
      mayRead: (entry) => mayRead(officer, entry),
      recordRead: (subject) => access.recordRead(db, officer, { what: 'entry', subject, count: 1 }),
    };
  };
}

function idOf({ statement }: Entry): string | undefined {
  const body = statement?.body as Partial<ListingBody & AppealDecisionBody> | null | undefined;
  return body?.id ?? body?.act?.id;
}
