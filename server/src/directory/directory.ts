import {
  directoryLimits,
  keyUses,
  type KeyUse,
  type PartyCard,
  type SignedRecord,
} from '@bronze-drum/protocol/directory';
import { isMemberCode, isReader, type PartyCode } from '@bronze-drum/protocol/members';
import type { Actor } from '../kernel/actor.ts';
import { migrate } from '../platform/migrations.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import type { DirectoryView } from './contract.ts';
import { keyText, openKeeper, sha256, type DirectoryParts, type Party, type PartyKey, type State } from './holding.ts';
import { activations, openOwnRecords, type OwnRecords } from './keys.ts';
import { openPauses, type Pauses } from './pauses.ts';
import { openProposing, type Proposing } from './proposing.ts';
import { digestOf, sharedRecords, takeIn } from './rules.ts';
import * as store from './store.ts';
import { viewOf } from './view.ts';

export type { SignedRecord } from '@bronze-drum/protocol/directory';
export { openCalls, refuseWhenIsolated, type Calls } from './calls.ts';
export type { DirectoryParts, Party } from './holding.ts';

/** Who takes part, by which keys and where. Questions are answered from memory. */
export interface Directory extends Proposing, OwnRecords, Pauses {
  readonly self: PartyCode;
  /** Everybody admitted, this server included once it is. */
  parties(): readonly Party[];
  party(code: string): Party | undefined;
  isMember(code: string): boolean;
  /** Everybody admitted but this server in a book's audience. */
  readersOf(book: string): PartyCode[];
  /** Whether a party may be given a book of ours now: in its audience, admitted, not paused outward; and we are not isolated. */
  mayRead(party: string, book: string): boolean;
  /**
   * Raw public keys of one use: those valid at an instant, or without one every key that has ever been valid and is not
   * compromised. Empty for a stranger.
   */
  keysOf(code: string, use: KeyUse, atMs?: number): Uint8Array[];
  /** `in`: we take nothing from them; `out`: we give them nothing. */
  pauseOf(code: string): 'none' | store.Direction;
  isIsolated(): boolean;
  /** The same as a neighbour's exactly when neither could tell the other anything: 64 hex digits. */
  digest(): string;
  /** What neighbours are given: everything but proposals that no member has signed yet. */
  records(): Promise<SignedRecord[]>;
  /** Takes in a neighbour's records, as far as they verify and belong here. Whether anything was new; durable then. */
  merge(records: readonly SignedRecord[]): Promise<boolean>;
  /** Calls back after every change, also of pauses and of this server's own keys. */
  onChange(heard: () => void): void;
  read(actor: Actor): Promise<DirectoryView>;
  /** This server's own entry, for a founding or an admission elsewhere. */
  card(actor: Actor): Promise<PartyCard>;
  /** All records, to be handed to a new member as a file. */
  charter(actor: Actor): Promise<SignedRecord[]>;
  close(): Promise<void>;
}

/** Opens the room; before `clocks.start`. */
export async function openDirectory(parts: DirectoryParts): Promise<Directory> {
  const { db, clock, access, signer, member: self } = parts;
  await migrate(db, 'directory', new URL('migrations/', import.meta.url));
  const keeper = await openKeeper(parts, activations(parts));
  const { state } = keeper;
  const isMember = (code: string): boolean => state().parties.get(code)?.role === 'member';
  const isIn = (book: string, party: string): boolean =>
    party !== self && state().parties.has(party) && isReader(book, party, isMember(party));
  const pauseOf = (code: string): 'none' | store.Direction => state().pauses.get(code)?.direction ?? 'none';
  const shared = () => sharedRecords(state(), state().roster);
  let digested: { of: State; digest: string } | undefined;
  // Every beat to every neighbour carries it.
  const digest = (): string => {
    if (digested?.of !== state()) digested = { of: state(), digest: digestOf(shared(), sha256) };
    return digested.digest;
  };
  return {
    ...openProposing(parts, keeper),
    ...openOwnRecords(parts, keeper),
    ...openPauses(parts, keeper),
    self,
    parties: () => [...state().parties.values()],
    party: (code) => state().parties.get(code),
    isMember,
    readersOf: (book) => [...state().parties.keys()].filter((code) => isIn(book, code)).sort(),
    mayRead: (party, book) =>
      isIn(book, party) && state().isolation === null && !['out', 'both'].includes(pauseOf(party)),
    keysOf: (code, use, atMs) => {
      const keys = (state().parties.get(code)?.keys ?? []).filter((key) => key.use === use);
      const isOf = atMs === undefined ? hasBeenValid(clock.now()) : isValidAt(atMs);
      return keys.filter(isOf).map(({ publicKey }) => publicKey);
    },
    pauseOf,
    isIsolated: () => state().isolation !== null,
    digest,
    records: async () => shared().map(asSigned),
    merge: async (records) => {
      const intake = { nowMs: clock.now(), sha256, verify: verifyEd25519, vouched: false };
      const given = records.slice(0, directoryLimits.records);
      // Most of what neighbours say is known, and that changes nothing.
      if (takeIn(state(), given, intake).changed.length === 0) return false;
      return keeper.change(async (tx, now) => {
        const { changed } = takeIn(now, given, intake);
        await store.saveRecords(tx, changed, clock.now());
        return changed.length > 0;
      });
    },
    onChange: keeper.onChange,
    read: async (actor) => {
      access.requireOfficer(actor, 'directory.read');
      return viewOf(state(), self, digest());
    },
    card: async (actor) => {
      access.requireOfficer(actor, 'directory.read');
      return cardOf(parts, state().parties.get(self));
    },
    charter: async (actor) => {
      access.requireOfficer(actor, 'directory.read');
      return [...state().records.values()].map(asSigned);
    },
    close: keeper.close,
  };

  function cardOf({ address }: DirectoryParts, known: Party | undefined): PartyCard {
    const [checkpoint, call, cosignature] = keyUses.map((use) => keyText(signer.publicKey(use))) as [
      string,
      string,
      string,
    ];
    const role = known?.role ?? (isMemberCode(self) ? 'member' : 'observer');
    return {
      party: self,
      role,
      name: known?.name ?? nameOf(self),
      address: address(),
      keys: { checkpoint, call, cosignature },
    };
  }
}

const asSigned = ({ bytes, signatures }: SignedRecord): SignedRecord => ({ bytes, signatures: [...signatures] });

/** The clocks of two servers differ: a key that is about to begin has begun elsewhere. */
const hasBeenValid = (nowMs: number) => (key: PartyKey) =>
  key.compromisedSinceMs === null && key.validFromMs <= nowMs + directoryLimits.futureMs;

const isValidAt = (atMs: number) => (key: PartyKey) =>
  key.validFromMs <= atMs &&
  (key.validUntilMs === null || atMs < key.validUntilMs) &&
  (key.compromisedSinceMs === null || atMs < key.compromisedSinceMs);

/** A member's country in English; another body is called by its code until it says otherwise. */
function nameOf(code: PartyCode): string {
  const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });
  return isMemberCode(code) ? (countries.of(code.toUpperCase()) ?? code) : code;
}
