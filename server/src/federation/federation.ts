import type { NoteKey } from '@bronze-drum/protocol/checkpoints';
import type { Fork } from '@bronze-drum/protocol/federation/reading';
import type { FastifyRequest } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Calls, Directory } from '../directory/directory.ts';
import type { Journal } from '../journal/journal.ts';
import type { Actor, PartyActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import { must } from '../kernel/assert.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import { migrate } from '../platform/migrations.ts';
import type { Signer } from '../platform/signer.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { openComparing } from './comparing.ts';
import { openDesk } from './desk.ts';
import type { Links } from './contract.ts';
import { openLedgerViews } from './ledger-views.ts';
import { openLedger } from './ledger.ts';
import { openLinks } from './links.ts';
import { measure } from './metrics.ts';
import { openQuarantine } from './quarantine.ts';
import { openReceipts } from './receipts.ts';
import { openReporting } from './reporting.ts';
import { openRecovery } from './recovery.ts';
import { openServing } from './serving.ts';
import { checkpointKeys, openTaking } from './taking.ts';
import * as store from './store.ts';
import { troublesOf, type Trouble } from './troubles.ts';

export type { Trouble } from './troubles.ts';

export interface FederationParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly signer: Signer;
  readonly journal: Journal;
  readonly access: Access;
  readonly directory: Directory;
  readonly calls: Calls;
  readonly telemetry: Telemetry;
  /** The database comes from a backup. */
  readonly restored: boolean;
  /** The mark of a restore may go: every reader has given back what it remembers. */
  readonly onRecovered: () => Promise<void>;
}

export type Federation = Awaited<ReturnType<typeof openFederation>>;

/** What other nations have said, and what we let them read. Opened before the rooms below; `start` once all are open. */
export async function openFederation(parts: FederationParts) {
  const { db, clock, journal, access, directory, telemetry } = parts;
  await migrate(db, 'federation', new URL('migrations/', import.meta.url));
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'federation');
  const ledger = openLedger({ db, clock, journal, onError });
  const taking = await openTaking({
    ...parts,
    onFork: ({ member, book }: Fork) => telemetry.log.error({ author: member, book }, 'an author shows two histories'),
    onHeld: ({ member, book, number, code }) =>
      telemetry.log.warn({ author: member, book, number, code }, 'a statement is held back'),
  });
  const quarantine = openQuarantine({ ...parts, onReleased: (author) => receipts.taken(author) });
  let recovery: ReturnType<typeof openRecovery> | undefined;
  const onAhead = (reader: string, book: string): void => {
    telemetry.log.error(
      { reader, book },
      'a reader holds more of our book than is here: nothing is signed until it is back',
    );
    recovery?.begin().catch(onError);
  };
  const receipts = openReceipts({ ...parts, ledger, onAhead, onError });
  let links: ReturnType<typeof openLinks> | undefined;
  const leave = async (party: string): Promise<void> => links?.leave(party);
  const comparing = openComparing({ ...parts, taking, receipts, leave, onError });
  const serving = openServing({ clock, journal, directory, ledger });

  /** Who may read which books over HTTP: auditors everything here; a party our books for it, and the copies of its own. */
  async function admit(request: FastifyRequest): Promise<(member: string, book: string) => boolean> {
    const actor = await identify(request);
    if (actor.kind !== 'party') {
      access.requirePermission(actor, 'journal.read');
      return () => true;
    }
    const { party } = actor;
    if (!mayCall(party)) return refuse('forbidden.paused');
    return (member, book) => (member === directory.self ? directory.mayRead(party, book) : member === party);
  }

  const identify = (request: FastifyRequest): Promise<Actor> | Actor =>
    request.headers['signature-input'] === undefined ? access.authenticate(request) : parts.calls.authenticate(request);

  const mayCall = (party: string): boolean => !['out', 'both'].includes(directory.pauseOf(party));

  /** The party that signed the request, if we talk with it. What it is refused is written into our ledger. */
  async function authenticateParty(request: FastifyRequest): Promise<PartyActor> {
    const actor = await parts.calls.authenticate(request);
    if (mayCall(actor.party)) return actor;
    ledger.refused(actor.party, 'forbidden.paused');
    return refuse('forbidden.paused');
  }

  async function keysOf(member: string, book: string): Promise<NoteKey[]> {
    const known = checkpointKeys(directory, member, book);
    if (member !== directory.self) return known;
    const own = await journal.keysOf(book);
    const texts = new Set(own.map((key) => Buffer.from(key.publicKey).toString('base64')));
    return [...own, ...known.filter((key) => !texts.has(Buffer.from(key.publicKey).toString('base64')))];
  }

  const reporting = openReporting({
    ...parts,
    taking,
    views: () => links?.views() ?? [],
    waiting: async () => (await recovery?.waiting()) ?? [],
  });
  measure(telemetry.metrics, { links: reporting.linkViews, held: quarantine.count });

  return {
    admit,
    keysOf,
    desk: openDesk(parts),
    authenticateParty,
    stream: serving.stream,
    hear: receipts.hear,
    shownTo: comparing.shownTo,
    quarantine,
    waive: (actor: Actor, reader: string, reason: string) =>
      must(recovery, 'the house has started').waive(actor, reader, reason),
    links: async (actor: Actor): Promise<Links> => {
      access.requireOfficer(actor, 'federation.read');
      return reporting.linkViews();
    },
    forks: async (actor: Actor) => {
      access.requireOfficer(actor, 'federation.read');
      return (await store.readBooks(db)).flatMap(({ fork }) =>
        fork === null ? [] : [{ ...fork, proof: [...fork.proof] }],
      );
    },
    /** What is wrong with which neighbour now; for rooms, which tell officers of it. */
    troubles: async (): Promise<Trouble[]> =>
      troublesOf(links?.views() ?? [], await store.readBooks(db), await store.countHeldByMember(db)),
    receiptsAbout: reporting.receiptsAbout,
    ...openLedgerViews({ ...parts, ledger }),
    /** Begins to listen to the neighbours, once every room follows the journal. Resolves when this server may sign, or must wait. */
    async start(): Promise<void> {
      recovery = openRecovery({ ...parts, onError });
      links = openLinks({
        ...parts,
        taking,
        onOtherHistory: (member, { book, note }) => comparing.accuse(member, book, note),
        onTaken: receipts.taken,
        onError,
      });
      await recovery.greeted();
    },
    async close(): Promise<void> {
      serving.close();
      await links?.close();
      await Promise.all([recovery?.close(), comparing.close(), receipts.close()]);
      await ledger.close();
    },
  };
}
