import {
  directoryLimits,
  keyUses,
  newRecord,
  openRecord,
  recordMessage,
  type OpenedRecord,
  type PartyCard,
  type RecordBody,
  type RecordSignature,
  type SignedRecord,
} from '@bronze-drum/protocol/directory';
import { rosterOf, type Need } from '@bronze-drum/protocol/directory-roster';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { actorId, type Actor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Tx } from '../platform/db.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import type { Cosigned, Imported, Proposal, Proposed } from './contract.ts';
import { keyText, sha256, type DirectoryParts, type Keeper, type State } from './holding.ts';
import { cardIn, isOutdated, partiesOf, standingRecords, takeIn } from './rules.ts';
import * as store from './store.ts';

/** What officers do that needs other parties as well. */
export interface Proposing {
  /** Writes a proposal. It is in force when all whom it needs have cosigned it. Needs directory.propose. */
  propose(actor: Actor, proposal: Proposal): Promise<Proposed>;
  /** Signs a proposal for this party, with every key that it needs of us. Needs directory.cosign and a step-up. */
  cosign(actor: Actor, id: string): Promise<Cosigned>;
  /** Takes records from a file that an officer brings; the first founding among them is trusted. Needs directory.propose. */
  importCharter(actor: Actor, records: readonly SignedRecord[]): Promise<Imported>;
}

export function openProposing(parts: DirectoryParts, keeper: Keeper): Proposing {
  const { access, clock, signer, member: self } = parts;
  const take = (records: readonly SignedRecord[], holding: Parameters<typeof takeIn>[0]) =>
    takeIn(holding, records, { nowMs: clock.now(), sha256, verify: verifyEd25519, vouched: true });

  async function bodyOf(proposal: Proposal, state: State): Promise<RecordBody> {
    const at = instantText(clock.now());
    if (proposal.kind === 'founding') return { kind: 'founding', at, after: [], parties: proposal.parties };
    const after = [...state.roster.known];
    if (state.roster.parties.get(self)?.role !== 'member') refuse('conflict.directory-not-admitted');
    if (proposal.kind === 'admission') {
      if (state.parties.has(proposal.party.party)) refuse('conflict.directory-admitted');
      if (state.parties.size >= directoryLimits.parties) refuse('too-large.directory');
      return { kind: 'admission', at, after, party: proposal.party };
    }
    const { party, use, since } = proposal;
    const known = state.roster.parties.get(party)?.keys.filter((key) => key.use === use);
    const last = known?.at(-1) ?? refuse('not-found.party', { party });
    const compromised = proposal.compromised ?? last.publicKey;
    if (!known!.some(({ publicKey }) => publicKey === compromised)) refuse('not-found.directory-key');
    const publicKey = proposal.publicKey ?? (await newKeyOf(party, use, state));
    const stands = standingRecords(state, state.roster, party, since).slice(-directoryLimits.stands);
    return { kind: 'replacement', at, after, party, use, compromised, since, publicKey, validFrom: at, stands };
  }

  /** Only the party itself can make its new key: elsewhere it must be given. */
  async function newKeyOf(party: string, use: (typeof keyUses)[number], state: State): Promise<string> {
    if (party !== self) refuse('directory.key-missing');
    const publicKey = keyText(await signer.prepare(use));
    const isTaken = state.roster.parties.get(self)!.keys.some((key) => key.publicKey === publicKey);
    return isTaken ? refuse('conflict.directory-rotation-pending') : publicKey;
  }

  const matches = (card: PartyCard): boolean =>
    keyUses.every((use) => card.keys[use] === keyText(signer.publicKey(use)));

  function signatureFor(need: Need, record: OpenedRecord, state: State): RecordSignature {
    const message = recordMessage(record.bytes);
    const signed = (key: string, signature: Uint8Array) => ({ party: self, key, signature: keyText(signature) });
    if (need.key === null) {
      const key = keyText(signer.publicKey('cosignature'));
      const isOurs = state.roster.parties.get(self)?.keys.some(({ publicKey }) => publicKey === key) === true;
      return isOurs ? signed(key, signer.sign('cosignature', message)) : refuse('conflict.directory-keys');
    }
    for (const use of keyUses) {
      const next = signer.next(use);
      if (need.key === keyText(signer.publicKey(use))) return signed(need.key, signer.sign(use, message));
      if (next !== undefined && need.key === keyText(next)) return signed(need.key, signer.signNext(use, message));
    }
    return refuse('conflict.directory-keys');
  }

  async function cosignIn(tx: Tx, state: State, id: string, by: string): Promise<Cosigned> {
    const { roster } = state;
    const record = state.records.get(id) ?? refuse('not-found.directory-proposal');
    const proposal = roster.open.find((open) => open.record.id === id) ?? refuse('conflict.directory-complete');
    if (isOutdated(record.body, roster) || proposal.missing === null) refuse('conflict.directory-outdated');
    const ours = cardIn(record.body, self);
    if (ours !== undefined && !matches(ours)) refuse('conflict.directory-keys');
    const needs = proposal.missing.filter(({ party }) => party === self);
    if (needs.length === 0) {
      const isSigned = record.signatures.some(({ party }) => party === self);
      refuse(isSigned ? 'conflict.directory-signed' : 'forbidden.directory-not-asked');
    }
    const signatures = needs.map((need) => signatureFor(need, record, state));
    if (record.signatures.length + signatures.length > directoryLimits.signatures) refuse('too-large.directory');
    const signed = { ...record, signatures: [...record.signatures, ...signatures] };
    await store.saveRecords(tx, [signed], clock.now());
    await store.recordAct(tx, by, clock.now(), { act: 'cosign', subject: id });
    const after = rosterOf([...state.records.values(), signed], state.anchor, clock.now());
    const missing = after.open.find((open) => open.record.id === id)?.missing ?? [];
    return { id, inForce: after.inForce.has(id), missing: partiesOf(missing) };
  }

  return {
    propose: async (actor, proposal) => {
      const officer = access.requireOfficer(actor, 'directory.propose');
      return keeper.change(async (tx, state) => {
        const record = newRecord(await bodyOf(proposal, state), sha256);
        const read = openRecord(record, sha256);
        if (isRefusal(read)) refuse(read.refused, read.params);
        if (state.records.size >= directoryLimits.records) refuse('too-large.directory');
        if (record.body.kind === 'founding') await prepareFounding(tx, state, record);
        await store.saveRecords(tx, [record], clock.now());
        if (record.body.kind === 'founding') await store.saveAnchor(tx, record.id);
        await store.recordAct(tx, actorId(officer), clock.now(), {
          act: `propose-${record.body.kind}`,
          subject: record.id,
        });
        return { id: record.id };
      });
    },
    cosign: async (actor, id) => {
      const officer = access.requireOfficer(actor, 'directory.cosign');
      access.requireStepUp(officer);
      return keeper.change((tx, state) => cosignIn(tx, state, id, actorId(officer)));
    },
    importCharter: async (actor, records) => {
      const officer = access.requireOfficer(actor, 'directory.propose');
      return keeper.change(async (tx, state) => {
        const founding = foundingIn(records);
        const isOther = founding !== undefined && founding.id !== state.anchor;
        if (isOther && isSettled(state)) refuse('conflict.directory-founding');
        if (founding === undefined && state.anchor === undefined) refuse('not-found.directory-founding');
        const holding = isOther ? { records: new Map<string, OpenedRecord>(), anchor: founding.id } : state;
        const { changed, refused } = take(records, holding);
        if (isOther) await trust(tx, founding, changed, refused);
        await store.saveRecords(tx, changed, clock.now());
        if (isOther) await store.saveAnchor(tx, founding.id);
        if (changed.length > 0) {
          const subject = founding?.id ?? state.anchor!;
          await store.recordAct(tx, actorId(officer), clock.now(), { act: 'import-charter', subject });
        }
        return { changed: changed.length, refused: [...refused].map(([record, code]) => ({ record, code })) };
      });
    },
  };

  /** A founding that nobody here has signed and that is not in force is a draft, which another may replace. */
  function isSettled({ anchor, records, roster }: State): boolean {
    if (anchor === undefined) return false;
    return roster.parties.size > 0 || records.get(anchor)!.signatures.some(({ party }) => party === self);
  }

  async function prepareFounding(tx: Tx, state: State, record: OpenedRecord): Promise<void> {
    if (isSettled(state)) refuse('conflict.directory-founding');
    const ours = cardIn(record.body, self) ?? refuse('directory.not-named');
    if (!matches(ours)) refuse('conflict.directory-keys');
    await store.dropDraft(tx);
  }

  /** A founding from elsewhere is trusted if it is in force, or asks for our own signature by our own keys. */
  async function trust(
    tx: Tx,
    founding: OpenedRecord,
    changed: readonly OpenedRecord[],
    refused: ReadonlyMap<string, string>,
  ): Promise<void> {
    const why = refused.get(founding.id);
    if (why !== undefined) refuse(why);
    const isInForce = rosterOf(changed, founding.id, clock.now()).parties.size > 0;
    const ours = cardIn(founding.body, self);
    if (!isInForce && ours === undefined) refuse('conflict.directory-not-founded');
    if (!isInForce && !matches(ours!)) refuse('conflict.directory-keys');
    await store.dropDraft(tx);
  }
}

/** The founding of a charter. Refuses a charter with two. */
function foundingIn(records: readonly SignedRecord[]): OpenedRecord | undefined {
  const foundings = new Map<string, OpenedRecord>();
  for (const record of records) {
    const opened = openRecord(record, sha256);
    if (!isRefusal(opened) && opened.body.kind === 'founding') foundings.set(opened.id, opened);
  }
  if (foundings.size > 1) refuse('conflict.directory-founding');
  return foundings.values().next().value;
}
