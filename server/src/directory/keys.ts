import {
  keyUses,
  newRecord,
  openRecord,
  recordMessage,
  type KeyUse,
  type OpenedRecord,
  type RecordBody,
} from '@bronze-drum/protocol/directory';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { actorId, type Actor } from '../kernel/actor.ts';
import { hourMs, instantText, secondMs } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import type { RotateKey, Rotated } from './contract.ts';
import { keyText, sha256, type DirectoryParts, type Keeper, type State } from './holding.ts';
import { isOwnOf, ownRecordsMax } from './rules.ts';
import * as store from './store.ts';

/** What a party decides about itself alone: its keys and its address. */
export interface OwnRecords {
  /**
   * Makes a new key, tells everybody, and begins to sign with it after the delay; the old one stays valid for the
   * overlap. Needs directory.cosign and a step-up.
   */
  rotateKey(actor: Actor, use: KeyUse, options?: RotateKey): Promise<Rotated>;
  /** Says where this server is now; where it says that it is reached, unless given. Needs directory.propose. */
  relocate(actor: Actor, address?: string): Promise<void>;
}

const clockKind = 'directory.activate-key';

/** Sets a clock for every prepared key that the directory knows: from then on it signs. */
export function activations({ clocks, signer, member: self }: DirectoryParts) {
  return async (tx: Tx, { roster }: State): Promise<void> => {
    for (const use of keyUses) {
      const next = signer.next(use);
      const publicKey = next && keyText(next);
      const known = roster.parties.get(self)?.keys.find((key) => key.publicKey === publicKey);
      if (known === undefined) continue;
      await clocks.set(tx, { kind: clockKind, subject: `${use} ${publicKey}`, dueMs: known.validFromMs });
    }
  };
}

export function openOwnRecords(parts: DirectoryParts, keeper: Keeper): OwnRecords {
  const { access, clock, clocks, signer, member: self } = parts;

  clocks.on(clockKind, {
    async due(tx, { subject }, nowMs) {
      const [use, publicKey] = subject.split(' ') as [KeyUse, string];
      const next = signer.next(use);
      const isKnown =
        keeper
          .state()
          .roster.parties.get(self)
          ?.keys.some((key) => key.publicKey === publicKey) === true;
      // A transaction that did not commit after the key was activated comes here again, and finds nothing to do.
      if (next === undefined || keyText(next) !== publicKey || !isKnown) return;
      await signer.activate(use);
      await store.recordAct(tx, 'rule:directory.activate-key', nowMs, { act: 'activate-key', subject });
      tx.afterCommit(keeper.tell);
    },
  });

  async function save(tx: Tx, by: string, act: string, record: OpenedRecord): Promise<void> {
    const read = openRecord(record, sha256);
    if (isRefusal(read)) refuse(read.refused, read.params);
    await store.saveRecords(tx, [record], clock.now());
    await store.recordAct(tx, by, clock.now(), { act, subject: record.id });
  }

  /** The present key of a use, which must be the one that others know. */
  function presentKey(state: State, use: KeyUse): string {
    const present = keyText(signer.publicKey(use));
    const known = state.roster.parties.get(self)?.keys ?? refuse('conflict.directory-not-admitted');
    const own = [...state.records.values()].filter(({ body }) => isOwnOf(body, self));
    if (own.length >= ownRecordsMax) refuse('too-large.directory');
    const key = known.find((each) => each.use === use && each.publicKey === present);
    return key?.compromisedSinceMs === null ? present : refuse('conflict.directory-keys');
  }

  return {
    rotateKey: async (actor, use, { overlapHours = 24, delaySeconds = 60 } = {}) => {
      const officer = access.requireOfficer(actor, 'directory.cosign');
      access.requireStepUp(officer);
      return keeper.change(async (tx, state) => {
        const nowMs = clock.now();
        const previous = presentKey(state, use);
        const cosignature = presentKey(state, 'cosignature');
        const publicKey = keyText(await signer.prepare(use));
        const isPending = state.roster.parties.get(self)!.keys.some((key) => key.publicKey === publicKey);
        if (isPending) refuse('conflict.directory-rotation-pending');
        const validFromMs = nowMs + delaySeconds * secondMs;
        const validFrom = instantText(validFromMs);
        const previousUntil = instantText(validFromMs + overlapHours * hourMs);
        const after = [...state.roster.known];
        const body: RecordBody = {
          kind: 'rotation',
          at: instantText(nowMs),
          after,
          party: self,
          use,
          previous,
          publicKey,
          validFrom,
          previousUntil,
        };
        const record = newRecord(body, sha256);
        const message = recordMessage(record.bytes);
        const signed = new Map([
          [previous, signer.sign(use, message)],
          [cosignature, signer.sign('cosignature', message)],
          [publicKey, signer.signNext(use, message)],
        ]);
        const signatures = [...signed].map(([key, bytes]) => ({ party: self, key, signature: keyText(bytes) }));
        await save(tx, actorId(officer), 'rotate-key', { ...record, signatures });
        return { id: record.id, publicKey, validFrom, previousUntil };
      });
    },
    relocate: async (actor, given) => {
      const officer = access.requireOfficer(actor, 'directory.propose');
      const address = given ?? parts.address();
      await keeper.change(async (tx, state) => {
        const key = presentKey(state, 'cosignature');
        if (state.parties.get(self)?.address === address) return;
        const earlier = [...state.records.values()].filter(({ body }) => isOwnOf(body, self)).map(({ atMs }) => atMs);
        // The newest address holds: this one must be newer, also when the clock was put back.
        const at = instantText(Math.max(clock.now(), ...earlier.map((atMs) => atMs + 1)));
        const after = [...state.roster.known];
        const record = newRecord({ kind: 'relocation', at, after, party: self, address }, sha256);
        const signature = keyText(signer.sign('cosignature', recordMessage(record.bytes)));
        await save(tx, actorId(officer), 'relocate', { ...record, signatures: [{ party: self, key, signature }] });
      });
    },
  };
}
