import {
  directoryLimits,
  isSignedBy,
  keyUses,
  openRecord,
  verifiedRecord,
  type OpenedRecord,
  type PartyCard,
  type RecordBody,
  type RecordSignature,
  type SignedRecord,
  type VerifySignature,
} from '@bronze-drum/protocol/directory';
import { rosterOf, unionOf, type Need, type Roster } from '@bronze-drum/protocol/directory-roster';
import type { Sha256 } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { instantMs } from '../kernel/clock.ts';

/** Proposals that a member may have signed and that wait for others, before no more of it are taken from neighbours. */
export const openProposalsMax = 32;
/** Rotations and relocations of one party that are kept. */
export const ownRecordsMax = 60;

/** What a server holds of the directory. */
export interface Holding {
  readonly records: ReadonlyMap<string, OpenedRecord>;
  readonly anchor: string | undefined;
}

export interface Intake {
  readonly nowMs: number;
  readonly sha256: Sha256;
  readonly verify: VerifySignature;
  /** An officer hands the records in: proposals need no member's signature yet. */
  readonly vouched: boolean;
}

export interface TakenIn {
  /** Records that are new or have new signatures, as they are now. */
  readonly changed: readonly OpenedRecord[];
  /** Codes by the record's id, or by its place `#n` when it cannot be read. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * What a server takes of records that somebody hands it: signatures that verify, by keys that records name, on records
 * that belong to its directory. What one record needs another of the same batch may bring, whichever comes first.
 */
export function takeIn(holding: Holding, incoming: readonly SignedRecord[], intake: Intake): TakenIn {
  const refused = new Map<string, string>();
  const records = new Map(holding.records);
  const changed = new Set<string>();
  const opened = incoming.flatMap((record, place) => {
    const read = openRecord(record, intake.sha256);
    if (isRefusal(read)) refused.set(`#${place}`, read.refused);
    return isRefusal(read) ? [] : [read];
  });
  const isGenuine = openGenuine(intake.verify);
  for (let isMore = true; isMore;) {
    isMore = false;
    const roster = rosterOf(records.values(), holding.anchor, intake.nowMs);
    const named = namedKeys(records.values());
    for (const record of unionOf(opened)) {
      const known = records.get(record.id);
      const fresh = freshSignatures(record, known, named, isGenuine);
      const candidate = { ...record, signatures: [...(known?.signatures ?? []), ...fresh] };
      const why = known === undefined ? reasonAgainst(candidate, { ...holding, records }, roster, intake) : undefined;
      if (why !== undefined) refused.set(record.id, why);
      else refused.delete(record.id);
      if (why !== undefined || (known !== undefined && fresh.length === 0)) continue;
      records.set(record.id, candidate);
      changed.add(record.id);
      isMore = true;
    }
  }
  return { changed: [...changed].map((id) => records.get(id)!), refused };
}

/** Signatures that the record does not have yet, by keys that some record gives to their party, if they verify. */
function freshSignatures(
  record: OpenedRecord,
  known: OpenedRecord | undefined,
  named: ReadonlySet<string>,
  isGenuine: (record: OpenedRecord, signature: RecordSignature) => boolean,
): RecordSignature[] {
  const own = namedKeys([record]);
  const fresh = new Map<string, RecordSignature>();
  const room = directoryLimits.signatures - (known?.signatures.length ?? 0);
  for (const signature of record.signatures) {
    const signer = `${signature.party} ${signature.key}`;
    if (fresh.has(signer) || fresh.size >= room || !(named.has(signer) || own.has(signer))) continue;
    if (known !== undefined && isSignedBy(known, signature.party, signature.key)) continue;
    if (isGenuine(record, signature)) fresh.set(signer, signature);
  }
  return [...fresh.values()];
}

/** Checks each signature once: a batch is gone through several times. */
function openGenuine(verify: VerifySignature): (record: OpenedRecord, signature: RecordSignature) => boolean {
  const results = new Map<string, boolean>();
  return (record, signature) => {
    const place = `${record.id} ${signature.key} ${signature.signature}`;
    const known = results.get(place);
    if (known !== undefined) return known;
    const result = verifiedRecord({ ...record, signatures: [signature] }, verify).signatures.length === 1;
    results.set(place, result);
    return result;
  };
}

/** Every key that records give to a party, as `party key`. Others sign nothing here, and are not even verified. */
function namedKeys(records: Iterable<OpenedRecord>): Set<string> {
  const named = new Set<string>();
  const addCard = ({ party, keys }: PartyCard): void => keyUses.forEach((use) => named.add(`${party} ${keys[use]}`));
  for (const { body } of records) {
    if (body.kind === 'founding') body.parties.forEach(addCard);
    if (body.kind === 'admission') addCard(body.party);
    if (body.kind === 'rotation' || body.kind === 'replacement') named.add(`${body.party} ${body.publicKey}`);
    if (body.kind === 'rotation') named.add(`${body.party} ${body.previous}`);
  }
  return named;
}

/** Why a record that is new here is not kept; undefined if it is. */
function reasonAgainst(record: OpenedRecord, holding: Holding, roster: Roster, intake: Intake): string | undefined {
  const { body } = record;
  if (record.atMs > intake.nowMs + directoryLimits.futureMs) return 'directory.future';
  if (holding.records.size >= directoryLimits.records) return 'too-large.directory';
  if (body.kind === 'founding') return record.id === holding.anchor ? undefined : 'conflict.directory-founding';
  if (roster.parties.size === 0) return 'conflict.directory-not-founded';
  if (body.kind === 'rotation' || body.kind === 'relocation') return againstOwn(record, body, holding, roster, intake);
  if (body.kind === 'admission' && roster.parties.size >= directoryLimits.parties) return 'too-large.directory';
  if (intake.vouched) return undefined;
  const signers = membersWhoSigned(record, roster);
  const hasRoom = signers.some((signer) => openSignedBy(signer, holding, roster) < openProposalsMax);
  if (hasRoom) return undefined;
  return signers.length === 0 ? 'directory.unsigned' : 'too-many.directory-proposals';
}

function againstOwn(
  record: OpenedRecord,
  body: Extract<RecordBody, { kind: 'rotation' | 'relocation' }>,
  { records }: Holding,
  roster: Roster,
  intake: Intake,
): string | undefined {
  const keys = roster.parties.get(body.party)?.keys ?? [];
  const isHeld = (publicKey: string): boolean => keys.some((key) => key.publicKey === publicKey);
  if (!keys.some(({ publicKey }) => isSignedBy(record, body.party, publicKey))) return 'directory.unsigned';
  if (body.kind === 'rotation') {
    const isSigned = [body.previous, body.publicKey].every((key) => isSignedBy(record, body.party, key));
    if (!isSigned || !isHeld(body.previous)) return 'directory.unsigned';
    // Its date may be the thief's choice; when it came here is not.
    const { validUntilMs } = keys.find(({ publicKey }) => publicKey === body.previous)!;
    const isEnded = validUntilMs !== null && validUntilMs <= intake.nowMs;
    if (isEnded && !isLetStand(record, records.values())) return 'directory.key-ended';
  }
  const own = [...records.values()].filter((each) => isOwnOf(each.body, body.party));
  return own.length >= ownRecordsMax ? 'too-many.directory-records' : undefined;
}

/** Whether a replacement names the record as one that the others let stand, and that may therefore come after it. */
function isLetStand({ id }: OpenedRecord, records: Iterable<OpenedRecord>): boolean {
  return [...records].some(({ body }) => body.kind === 'replacement' && body.stands.includes(id));
}

export function isOwnOf(body: RecordBody, party: string): boolean {
  return (body.kind === 'rotation' || body.kind === 'relocation') && body.party === party;
}

/** The members among those admitted whose cosignature key, former or present, signed. */
function membersWhoSigned(record: OpenedRecord, roster: Roster): string[] {
  const members = [...roster.parties.values()].filter(({ role }) => role === 'member');
  const signed = members.filter(({ code, keys }) =>
    keys.some(({ use, publicKey }) => use === 'cosignature' && isSignedBy(record, code, publicKey)),
  );
  return signed.map(({ code }) => code);
}

/** How many proposals wait that a member has signed, those of the batch under way included. */
function openSignedBy(member: string, { records }: Holding, roster: Roster): number {
  const open = [...records.values()].filter(
    ({ id, body, signatures }) =>
      (body.kind === 'admission' || body.kind === 'replacement') &&
      !roster.inForce.has(id) &&
      signatures.some(({ party }) => party === member),
  );
  return open.length;
}

/** What neighbours would keep as well: not the proposals here that no member has signed yet. */
export function sharedRecords({ records, anchor }: Holding, roster: Roster): OpenedRecord[] {
  const waiting = new Set(roster.open.map(({ record }) => record.id));
  return [...records.values()].filter(
    (record) => record.id === anchor || !waiting.has(record.id) || membersWhoSigned(record, roster).length > 0,
  );
}

/** The same for two servers exactly when neither could tell the other anything, in hex. */
export function digestOf(records: readonly OpenedRecord[], sha256: Sha256): string {
  const lines = records.flatMap(({ id, signatures }) => signatures.map(({ party, key }) => `${id} ${party} ${key}\n`));
  const bare = records.map(({ id }) => `${id}\n`);
  return Buffer.from(sha256(Buffer.from([...bare, ...lines].sort().join('')))).toString('hex');
}

/** The missing signatures, once a party. */
export function partiesOf(needs: readonly Need[]): string[] {
  return [...new Set(needs.map(({ party }) => party))].sort();
}

/** The parties of whom a proposal has a signature. */
export function signersOf(record: OpenedRecord): string[] {
  return [...new Set(record.signatures.map(({ party }) => party))].sort();
}

/** Whether a proposal was written before something that has come into force since. */
export function isOutdated(body: RecordBody, roster: Roster): boolean {
  return body.kind !== 'founding' && roster.known.some((id) => !body.after.includes(id));
}

/** The card that a record proposes for a party, if it does. */
export function cardIn(body: RecordBody, party: string): PartyCard | undefined {
  if (body.kind === 'founding') return body.parties.find((card) => card.party === party);
  return body.kind === 'admission' && body.party.party === party ? body.party : undefined;
}

/**
 * A party's own rotations and relocations in force that were here before its key was in other hands. When they came
 * decides, not when they say that they were made.
 */
export function standingRecords(
  { records, receivedMs }: Pick<Holding, 'records'> & { readonly receivedMs: ReadonlyMap<string, number> },
  roster: Roster,
  party: string,
  since: string,
): string[] {
  const sinceMs = instantMs(since);
  const own = [...records.values()].filter(({ body }) => isOwnOf(body, party));
  const stands = own.filter(
    ({ id, atMs }) => roster.inForce.has(id) && atMs < sinceMs && (receivedMs.get(id) ?? sinceMs) < sinceMs,
  );
  return stands.map(({ id }) => id).sort();
}
