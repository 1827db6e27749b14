import { byDate, type KeyUse, type OpenedRecord, type ReplacementBody, type RotationBody } from './directory.ts';

export interface RosterKey {
  readonly use: KeyUse;
  /** base64 */
  readonly publicKey: string;
  readonly validFromMs: number;
  /** The first instant at which it is no longer valid; null while nothing follows it. */
  readonly validUntilMs: number | null;
  /** From here on it may be in other hands: it proves nothing. */
  readonly compromisedSinceMs: number | null;
}

export interface LineKey extends RosterKey {
  /** When it is compromised, the party's own records that stay in force all the same. */
  readonly stands: ReadonlySet<string> | null;
}

export interface Line {
  readonly first: Pick<LineKey, 'use' | 'publicKey' | 'validFromMs'>;
  readonly rotations: readonly OpenedRecord<RotationBody>[];
  readonly replacements: readonly OpenedRecord<ReplacementBody>[];
  /** Keys of the party that have a place already: none comes twice. */
  readonly taken: Set<string>;
  followed(rotation: string): void;
}

/** One use's keys from the first on: each rotation is followed, and a replacement begins anew where the others end. */
export function drawLine({ first, rotations, replacements, taken, followed }: Line): LineKey[] {
  const line: LineKey[] = [];
  const pending: OpenedRecord<ReplacementBody>[] = [];
  let key: Line['first'] | undefined = first;
  while (key !== undefined) {
    const { use, publicKey }: Line['first'] = key;
    const isFree = ({ body }: OpenedRecord<RotationBody | ReplacementBody>): boolean => !taken.has(body.publicKey);
    const replacement = latest(replacements.filter(({ body }) => body.compromised === publicKey));
    if (replacement !== undefined) pending.push(replacement);
    const stands = replacement === undefined ? null : new Set(replacement.body.stands);
    // Whatever grew out of a compromised key stands only if the others say so, however far it has grown.
    const mayStand = ({ id }: OpenedRecord): boolean => pending.every(({ body }) => body.stands.includes(id));
    const own = rotations.filter((each) => each.body.previous === publicKey && mayStand(each));
    const rotation = inTurn(own.filter(isFree));
    const place = rotation === undefined ? pending.findIndex(isFree) : -1;
    const successor: OpenedRecord<RotationBody | ReplacementBody> | undefined =
      rotation ?? (place === -1 ? undefined : pending.splice(place, 1)[0]);
    const until = rotation?.body.previousUntil ?? successor?.body.validFrom;
    line.push({
      ...key,
      validUntilMs: until === undefined ? null : Date.parse(until),
      compromisedSinceMs: replacement === undefined ? null : Date.parse(replacement.body.since),
      stands,
    });
    if (rotation !== undefined) followed(rotation.id);
    key = successor && { use, publicKey: successor.body.publicKey, validFromMs: Date.parse(successor.body.validFrom) };
    if (key !== undefined) taken.add(key.publicKey);
  }
  return line;
}

type Dated = OpenedRecord<RotationBody | ReplacementBody>;
const isLater = (a: Dated, b: Dated): boolean =>
  a.body.validFrom > b.body.validFrom || (a.body.validFrom === b.body.validFrom && a.id > b.id);

function latest<R extends Dated>(records: readonly R[]): R | undefined {
  return records.reduce<R | undefined>((last, each) => (last && isLater(last, each) ? last : each), undefined);
}

/** Of several rotations of one key the later valid one; but not one that was made when the key had ended. */
function inTurn(records: readonly OpenedRecord<RotationBody>[]): OpenedRecord<RotationBody> | undefined {
  let winner: OpenedRecord<RotationBody> | undefined;
  for (const record of records.toSorted(byDate)) {
    if (winner !== undefined && record.atMs >= Date.parse(winner.body.previousUntil)) continue;
    if (winner === undefined || isLater(record, winner)) winner = record;
  }
  return winner;
}
