import { drawLine, type LineKey, type RosterKey } from './directory-lines.ts';
import {
  byDate,
  directoryLimits,
  isSignedBy,
  keyUses,
  type AdmissionBody,
  type FoundingBody,
  type KeyUse,
  type OpenedRecord,
  type PartyCard,
  type PartyRole,
  type RecordBody,
  type RecordSignature,
  type RelocationBody,
  type ReplacementBody,
  type RotationBody,
} from './directory.ts';

export interface RosterParty {
  readonly code: string;
  readonly role: PartyRole;
  readonly name: string;
  readonly address: string;
  /** Each use's keys from its first to its newest. */
  readonly keys: readonly RosterKey[];
}

/** A signature that a record needs: by one key (which proves to be in the party's hands), or by a cosignature key. */
export interface Need {
  readonly party: string;
  readonly key: string | null;
}

/** What needs the signatures of several parties and has not all of them. */
export interface OpenProposal {
  readonly record: OpenedRecord<FoundingBody | AdmissionBody | ReplacementBody>;
  /** Null: it rests on records that are not in force here, or can never be in force. */
  readonly missing: readonly Need[] | null;
}

export interface Roster {
  /** Everybody admitted, by code. Empty until the founding is in force. */
  readonly parties: ReadonlyMap<string, RosterParty>;
  /** The founding and the admissions in force, in order: what the next record comes after. */
  readonly known: readonly string[];
  /** The ids of all records that count. */
  readonly inForce: ReadonlySet<string>;
  readonly open: readonly OpenProposal[];
}

type Shared = FoundingBody | AdmissionBody | ReplacementBody;
type Own = RotationBody | RelocationBody;
/** The parties that a record's author knew. */
type Lineage = ReadonlyMap<string, PartyRole>;

type Lines = Readonly<Record<KeyUse, readonly LineKey[]>>;
interface Standing {
  readonly card: PartyCard;
  readonly lines: Lines;
  readonly relocations: readonly OpenedRecord<RelocationBody>[];
  readonly rotations: readonly string[];
}

/**
 * Who takes part, by a set of records whose signatures were verified: the same for every order, however often a record
 * comes and with whichever part of its signatures. Of several foundings only the anchor counts. What is dated further
 * ahead than `directoryLimits.futureMs` does not count yet.
 *
 * Records in force make keys and members known, which bring further records into force, round by round until nothing is
 * added. What was once in force stays: a later round never takes it back.
 */
export function rosterOf(records: Iterable<OpenedRecord>, anchor: string | undefined, nowMs: number): Roster {
  const dated = unionOf(records).filter(({ atMs }) => atMs <= nowMs + directoryLimits.futureMs);
  const shared = dated.filter(isShared).filter(({ id, body }) => body.kind !== 'founding' || id === anchor);
  const own = Map.groupBy(dated.filter(isOwn), ({ body }) => body.party);
  const accepted = new Map<string, OpenedRecord<Shared>>();
  const lineages = new Map<string, Lineage>();
  let standings: ReadonlyMap<string, Standing> = new Map();
  const missingOf = (record: OpenedRecord<Shared>): Need[] | null => {
    const needs = needsOf(record.body, lineageBefore(record, lineages));
    return needs && needs.filter((need) => !isMet(need, record, standings));
  };
  for (;;) {
    const ripe = shared.filter((record) => !accepted.has(record.id) && missingOf(record)?.length === 0);
    if (ripe.length === 0) break;
    // A key that is in other hands is out before anything else is counted.
    const replacements = ripe.filter(({ body }) => body.kind === 'replacement');
    for (const record of replacements.length > 0 ? replacements : ripe) {
      accepted.set(record.id, record);
      if (record.body.kind === 'replacement') continue;
      const before = lineageBefore(record, lineages)!;
      lineages.set(record.id, new Map([...before, ...cardsOf(record).map(roleByCode)]));
    }
    standings = standingsOf([...accepted.values()], own, lineages);
  }
  const open = shared.filter(({ id }) => !accepted.has(id));
  const ownInForce = [...standings.values()].flatMap(({ relocations, rotations }) => [
    ...rotations,
    ...relocations.map(({ id }) => id),
  ]);
  return {
    parties: new Map([...standings].map(([code, standing]) => [code, partyOf(standing)])),
    known: [...lineages.keys()].sort(),
    inForce: new Set([...accepted.keys(), ...ownInForce]),
    open: open.map((record) => ({ record, missing: missingOf(record) })),
  };
}

/** Each record once, with all the signatures that it came with anywhere; in the order of their dates. */
export function unionOf(records: Iterable<OpenedRecord>): OpenedRecord[] {
  const union = new Map<string, OpenedRecord>();
  for (const record of records) {
    const known = union.get(record.id);
    union.set(record.id, known === undefined ? record : { ...known, signatures: joined(known, record) });
  }
  return [...union.values()].sort(byDate);
}

function joined(known: OpenedRecord, other: OpenedRecord): RecordSignature[] {
  const added = other.signatures.filter(({ party, key }) => !isSignedBy(known, party, key));
  return [...known.signatures, ...added];
}

const isShared = (record: OpenedRecord): record is OpenedRecord<Shared> =>
  ['founding', 'admission', 'replacement'].includes(record.body.kind);
const isOwn = (record: OpenedRecord): record is OpenedRecord<Own> => !isShared(record);
const roleByCode = ({ party, role }: PartyCard): [string, PartyRole] => [party, role];

function cardsOf({ body }: OpenedRecord<Shared>): readonly PartyCard[] {
  if (body.kind === 'founding') return body.parties;
  return body.kind === 'admission' ? [body.party] : [];
}

/** Undefined unless everything that the record comes after is a founding or an admission in force. */
function lineageBefore({ body }: OpenedRecord, lineages: ReadonlyMap<string, Lineage>): Lineage | undefined {
  const lineage = new Map<string, PartyRole>();
  for (const id of body.after) {
    const known = lineages.get(id);
    if (known === undefined) return undefined;
    for (const [code, role] of known) lineage.set(code, role);
  }
  return lineage;
}

/** Null if the record can never be in force on what it comes after. */
function needsOf(body: RecordBody, before: Lineage | undefined): Need[] | null {
  if (before === undefined) return null;
  const possession = ({ party, keys }: PartyCard): Need[] => keyUses.map((use) => ({ party, key: keys[use] }));
  const consent = (except: string): Need[] =>
    [...before].filter(([code, role]) => role === 'member' && code !== except).map(([party]) => ({ party, key: null }));
  if (body.kind === 'founding') return body.parties.filter(({ role }) => role === 'member').flatMap(possession);
  if (body.kind === 'admission') {
    if (before.has(body.party.party)) return null;
    return [...consent(body.party.party), ...possession(body.party)];
  }
  if (body.kind !== 'replacement' || !before.has(body.party)) return null;
  const others = consent(body.party);
  return others.length === 0 ? null : [...others, { party: body.party, key: body.publicKey }];
}

function isMet({ party, key }: Need, record: OpenedRecord, standings: ReadonlyMap<string, Standing>): boolean {
  if (key !== null) return isSignedBy(record, party, key);
  const line = standings.get(party)?.lines.cosignature ?? [];
  return line.some((each) => isSignedBy(record, party, each.publicKey) && consents(each, record));
}

/**
 * Whether a cosignature key speaks for its party in what several sign together, where whoever stole it gets nowhere alone.
 * That the party has changed its key since takes nothing back: one member could otherwise undo an admission by a rotation
 * with an early date.
 */
function consents(key: LineKey, record: OpenedRecord): boolean {
  return key.compromisedSinceMs === null || record.atMs < key.compromisedSinceMs;
}

/** Whether a key speaks for its party alone: of what a compromised key signed, only what the others let stand. */
function speaks(key: LineKey, record: OpenedRecord): boolean {
  const isOver = key.validUntilMs !== null && record.atMs >= key.validUntilMs;
  return !isOver && (key.stands?.has(record.id) ?? true);
}

function standingsOf(
  accepted: readonly OpenedRecord<Shared>[],
  own: ReadonlyMap<string, readonly OpenedRecord<Own>[]>,
  lineages: ReadonlyMap<string, Lineage>,
): ReadonlyMap<string, Standing> {
  const replacements = accepted.filter(
    (record): record is OpenedRecord<ReplacementBody> => record.body.kind === 'replacement',
  );
  const standings = new Map<string, Standing>();
  // Two admissions of one code at once, by different keys: the older holds. The founding is older than all.
  const rank = ({ body }: OpenedRecord): number => (body.kind === 'founding' ? 0 : 1);
  for (const record of accepted.toSorted((a, b) => rank(a) - rank(b) || byDate(a, b))) {
    for (const card of cardsOf(record)) {
      if (standings.has(card.party)) continue;
      const records = (own.get(card.party) ?? []).filter(({ body }) => body.after.every((id) => lineages.has(id)));
      const replaced = replacements.filter(({ body }) => body.party === card.party);
      standings.set(card.party, standingOf(card, record.atMs, records, replaced));
    }
  }
  return standings;
}

function standingOf(
  card: PartyCard,
  admittedMs: number,
  own: readonly OpenedRecord<Own>[],
  replacements: readonly OpenedRecord<ReplacementBody>[],
): Standing {
  const taken = new Set<string>(keyUses.map((use) => card.keys[use]));
  const rotations: string[] = [];
  const signedByBoth = own.filter(
    (record): record is OpenedRecord<RotationBody> =>
      record.body.kind === 'rotation' &&
      isSignedBy(record, card.party, record.body.previous) &&
      isSignedBy(record, card.party, record.body.publicKey),
  );
  const lineOf = (use: KeyUse, isAgreed: (record: OpenedRecord) => boolean): LineKey[] =>
    drawLine({
      first: { use, publicKey: card.keys[use], validFromMs: admittedMs },
      rotations: signedByBoth.filter((record) => record.body.use === use && isAgreed(record)),
      replacements: replacements.filter(({ body }) => body.use === use),
      taken,
      followed: (id) => void rotations.push(id),
    });
  const cosignature = lineOf('cosignature', () => true);
  const isCosigned = (record: OpenedRecord): boolean =>
    cosignature.some((key) => isSignedBy(record, card.party, key.publicKey) && speaks(key, record));
  const lines = { cosignature, checkpoint: lineOf('checkpoint', isCosigned), call: lineOf('call', isCosigned) };
  const relocations = own.filter(
    (record): record is OpenedRecord<RelocationBody> => record.body.kind === 'relocation' && isCosigned(record),
  );
  return { card, lines, relocations, rotations };
}

function partyOf({ card, lines, relocations }: Standing): RosterParty {
  const keys = keyUses.flatMap((use) => lines[use].map(({ stands: _stands, ...key }) => key));
  const address = relocations.toSorted(byDate).at(-1)?.body.address ?? card.address;
  return { code: card.party, role: card.role, name: card.name, address, keys };
}
