import { hash } from 'node:crypto';
import {
  openRecord,
  verifiedRecord,
  type KeyUse,
  type OpenedRecord,
  type PartyRole,
} from '@bronze-drum/protocol/directory';
import { rosterOf, type Roster, type RosterParty } from '@bronze-drum/protocol/directory-roster';
import type { PartyCode } from '@bronze-drum/protocol/members';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { verifyEd25519, type Signer } from '../platform/signer.ts';
import type { Holding } from './rules.ts';
import * as store from './store.ts';

export interface PartyKey {
  readonly use: KeyUse;
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly validFromMs: number;
  readonly validUntilMs: number | null;
  readonly compromisedSinceMs: number | null;
}

export interface Party {
  readonly code: PartyCode;
  readonly role: PartyRole;
  readonly name: string;
  readonly address: string;
  readonly keys: readonly PartyKey[];
}

export interface DirectoryParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly signer: Signer;
  readonly access: Access;
  readonly member: PartyCode;
  /** Where this server is reached: scheme, host and port. */
  readonly address: () => string;
  /** Hears of stored records that can no longer be read. */
  readonly onError: (error: unknown) => void;
}

/** Everything that the room knows at one moment. */
export interface State extends Holding {
  readonly roster: Roster;
  /** When each record came here. */
  readonly receivedMs: ReadonlyMap<string, number>;
  readonly parties: ReadonlyMap<string, Party>;
  readonly pauses: ReadonlyMap<string, store.Pause>;
  readonly isolation: store.Isolation | null;
}

/** The state in memory and in the database, which change together. */
export interface Keeper {
  state(): State;
  /** Changes both in one transaction, one change at a time; what is done after it sees the new state. */
  change<T>(act: (tx: Tx, state: State) => Promise<T>): Promise<T>;
  onChange(heard: () => void): void;
  /** Tells those who listen. */
  tell(): void;
  /** Waits for the change under way. */
  close(): Promise<void>;
}

export const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

/** `settle` runs at the end of every change, in its transaction, with the state that it leads to. */
export async function openKeeper(
  { db, clock, onError }: Pick<DirectoryParts, 'db' | 'clock' | 'onError'>,
  settle: (tx: Tx, next: State) => Promise<void>,
): Promise<Keeper> {
  const heard = new Set<() => void>();
  const load = (sql: Sql, known: ReadonlyMap<string, OpenedRecord>) => readState(sql, known, clock.now(), onError);
  let state = await load(db, new Map());
  let last: Promise<unknown> = Promise.resolve();
  const tell = (): void => heard.forEach((hear) => hear());

  async function run<T>(act: (tx: Tx, state: State) => Promise<T>): Promise<T> {
    const { value, next } = await db.tx(async (tx) => {
      // Read anew: a change whose commit was not confirmed may have been made all the same.
      const before = await load(tx, state.records);
      const value = await act(tx, before);
      const next = await load(tx, before.records);
      await settle(tx, next);
      return { value, next };
    });
    state = next;
    tell();
    return value;
  }

  return {
    state: () => state,
    change: (act) => {
      const mine = last.then(() => run(act));
      last = mine.catch(() => undefined);
      return mine;
    },
    onChange: (hear) => void heard.add(hear),
    tell,
    close: async () => void (await last),
  };
}

/** Reads everything. Records that are known already, with as many signatures, are not opened and verified again. */
async function readState(
  sql: Sql,
  known: ReadonlyMap<string, OpenedRecord>,
  nowMs: number,
  onError: (error: unknown) => void,
): Promise<State> {
  const records = new Map<string, OpenedRecord>();
  const receivedMs = new Map<string, number>();
  for (const stored of await store.readRecords(sql)) {
    const before = known.get(stored.id);
    const isKnown = before?.signatures.length === stored.signatures.length;
    const opened = isKnown ? before : openStored(stored);
    if (opened === undefined) onError(new Error(`the directory's record ${stored.id} cannot be read`));
    else records.set(stored.id, opened);
    receivedMs.set(stored.id, stored.receivedMs);
  }
  const anchor = await store.readAnchor(sql);
  const roster = rosterOf(records.values(), anchor, nowMs);
  const parties = new Map([...roster.parties].map(([code, party]) => [code, partyOf(party)]));
  const pauses = new Map((await store.readPauses(sql)).map((pause) => [pause.party, pause]));
  return { records, receivedMs, anchor, roster, parties, pauses, isolation: await store.readIsolation(sql) };
}

/** Undefined if it is not what was stored: the database is trusted to lose things, not to invent them. */
function openStored({ id, bytes, signatures }: store.StoredRecord): OpenedRecord | undefined {
  const opened = openRecord({ bytes, signatures }, sha256);
  return isRefusal(opened) || opened.id !== id ? undefined : verifiedRecord(opened, verifyEd25519);
}

function partyOf(party: RosterParty): Party {
  const keys = party.keys.map((key) => ({ ...key, publicKey: Uint8Array.from(Buffer.from(key.publicKey, 'base64')) }));
  return { ...party, keys };
}

/** A raw public key as records carry it. */
export const keyText = (publicKey: Uint8Array): string => Buffer.from(publicKey).toString('base64');
