import { isOpenToInstitutions } from '@bronze-drum/protocol/handling';
import type { ListingBody, ListingWithdrawalBody, Tier } from '@bronze-drum/protocol/statements/listing';
import { instantMs } from '../kernel/clock.ts';
import type { Entry } from '../journal/journal.ts';

/** A listing as its followers need it: what is claimed of which identifier, by which member, and for how long. */
export interface ListedRow {
  readonly id: string;
  readonly member: string;
  readonly revision: number;
  readonly key: string;
  readonly tier: Tier;
  readonly typologies: readonly string[];
  /** The number was only presented, perhaps spoofed: its holder may be innocent. */
  readonly presented: boolean;
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Shown to no institution, replica or public check: because it is discreet, or because its handling says so. */
  readonly discreet: boolean;
}

/** What a statement does to the set of listings. Of one member's listing, the highest revision stands. */
export type ListedChange =
  | { readonly put: ListedRow }
  | { readonly end: { readonly id: string; readonly member: string; readonly revision: number; readonly key: string } };

export const listedKinds = ['listing', 'listing-withdrawal'] as const;

/** Reads a listing statement; undefined for every other kind and for an erased body. */
export function listedChange(entry: Entry): ListedChange | undefined {
  const statement = entry.statement;
  if (statement === null) return undefined;
  const { member, kind } = statement.envelope;
  if (kind === 'listing') {
    const body = statement.body as ListingBody;
    return {
      put: {
        id: body.id,
        member,
        revision: body.revision,
        key: body.key,
        tier: body.tier,
        typologies: body.typologies,
        presented: body.sighting === 'presented',
        sinceMs: instantMs(body.since),
        untilMs: instantMs(body.until),
        discreet: body.discreet || !isOpenToInstitutions(statement.envelope.handling),
      },
    };
  }
  if (kind !== 'listing-withdrawal') return undefined;
  const { id, revision, key } = statement.body as ListingWithdrawalBody;
  return { end: { id, member, revision, key } };
}
