import type { Blobs } from '../platform/blobs.ts';
import type { Db } from '../platform/db.ts';
import * as store from './store.ts';

/**
 * Removes a content that no exhibit has, or has any more. Who is about to name it holds the content's lock until their
 * transaction ends, so it is either seen here or not yet kept.
 */
export async function removeUnused(db: Db, blobs: Blobs, sha256: string): Promise<void> {
  await db.tx(async (tx) => {
    await store.lockContent(tx, sha256);
    const used = await store.contentsInUse(tx, [sha256]);
    if (!used.has(sha256)) await blobs.remove(sha256);
  });
}

/** Removes contents that a stop left without an exhibit. Returns how many. */
export async function sweepUnused(db: Db, blobs: Blobs): Promise<number> {
  let removed = 0;
  for await (const digests of blobs.stored()) {
    const used = await store.contentsInUse(db, digests);
    for (const sha256 of digests.filter((digest) => !used.has(digest))) {
      await removeUnused(db, blobs, sha256);
      removed += 1;
    }
  }
  return removed;
}
