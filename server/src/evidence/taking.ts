import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Access } from '../access/access.ts';
import { actorId, type Actor } from '../kernel/actor.ts';
import { dayMs, instantMs, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Blobs, StagedBlob } from '../platform/blobs.ts';
import type { Db, Tx } from '../platform/db.ts';
import { removeUnused } from './content.ts';
import { exhibitBytesMax, type TakeQuery } from './contract.ts';
import { detailsOf, type Custody } from './custody.ts';
import { collectionFault, handlingOf, mediaTypeOf } from './rules.ts';
import * as store from './store.ts';

export interface TakingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly access: Access;
  readonly blobs: Blobs;
  readonly custody: Custody;
}

/** What one institution may bring within a day. */
const dailyMax = { exhibits: 2000, bytes: 20 * 1024 * 1024 * 1024 };

/** Who acts, in the words of a statement. */
export function authorOf(actor: Actor): Author {
  if (actor.kind === 'officer') return { office: actor.office, officer: actor.officer };
  if (actor.kind === 'institution') return { office: 'evidence', institution: actor.institution };
  return { office: 'evidence', rule: actorId(actor) };
}

/**
 * Makes a staged content an exhibit: the content is kept before the row that names it can be committed. If the transaction
 * fails, the content goes unless another exhibit has it.
 */
export async function keepAs<T>(
  { db, blobs }: Pick<TakingParts, 'db' | 'blobs'>,
  staged: StagedBlob,
  name: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    return await db.tx(async (tx) => {
      await store.lockContent(tx, staged.sha256);
      await staged.keep();
      return name(tx);
    });
  } catch (error) {
    await staged.discard();
    // What cannot be removed now is swept when the server starts.
    await removeUnused(db, blobs, staged.sha256).catch(() => undefined);
    throw error;
  }
}

/** Takes exhibits in, and seals them. */
export function openTaking(parts: TakingParts) {
  const { db, clock, access, blobs, custody } = parts;

  async function refuseBeyondDay(actor: Actor): Promise<void> {
    if (actor.kind !== 'institution') return;
    access.takeQuota(actor, 1);
    const brought = await store.broughtSince(db, actor.institution, new Date(clock.now() - dayMs));
    if (brought.count >= dailyMax.exhibits || brought.bytes >= dailyMax.bytes)
      refuse('too-many.exhibits', { retryAfterSeconds: 3600 });
  }

  return async function take(
    actor: Actor,
    asked: TakeQuery,
    content: AsyncIterable<Uint8Array>,
    contentType: string | undefined,
  ): Promise<store.ExhibitRow> {
    access.requirePermission(actor, 'evidence.take');
    const fault = collectionFault(asked.collectedAt, clock.now());
    if (fault !== undefined) refuse(fault.refused, fault.params);
    const mediaType = mediaTypeOf(contentType) ?? refuse('unsupported-media-type');
    await refuseBeyondDay(actor);
    const staged = await blobs.stage(content, exhibitBytesMax);
    if (staged.bytes === 0 || (asked.sha256 ?? staged.sha256) !== staged.sha256) {
      await staged.discard();
      refuse(staged.bytes === 0 ? 'malformed.empty' : 'malformed.digest');
    }
    const by = authorOf(actor);
    const row = {
      id: newId(),
      sha256: staged.sha256,
      bytes: staged.bytes,
      media_type: mediaType,
      title: asked.title.toWellFormed(),
      collected_at: new Date(instantMs(asked.collectedAt)),
      collected_from: asked.collectedFrom.toWellFormed(),
      means: asked.means,
      handling: JSON.stringify(handlingOf(asked)),
      taken_at: new Date(clock.now()),
      taken_by: JSON.stringify(by),
      institution: actor.kind === 'institution' ? actor.institution : null,
      origin_member: null,
      origin_exhibit: null,
      origin_book: null,
      origin_number: null,
    };
    await keepAs(parts, staged, (tx) => custody.begin(tx, row, { act: 'sealed', by, details: detailsOf(row) }));
    return (await store.readExhibit(db, row.id))!;
  };
}
