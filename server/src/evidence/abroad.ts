import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import type { ExhibitBody } from '@bronze-drum/protocol/statements/exhibit';
import type { ExhibitWithdrawalBody } from '@bronze-drum/protocol/statements/exhibit-withdrawal';
import type { Calls } from '../directory/directory.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import { instantMs, minuteMs, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { Outage, refuse, Refused } from '../kernel/refusals.ts';
import type { Blobs, StagedBlob } from '../platform/blobs.ts';
import type { Db, Tx } from '../platform/db.ts';
import { endsWithin } from '../platform/loops.ts';
import {
  forgetAbroad,
  lockAbroad,
  markHere,
  putAbroad,
  putWithdrawal,
  readAbroad,
  type AbroadRow,
} from './abroad-store.ts';
import { exhibitBytesMax } from './contract.ts';
import { detailsOf, type Custody } from './custody.ts';
import { keepAs } from './taking.ts';

/** Hears from the journal what other members let us fetch, and what no longer. */
export function followAbroad(journal: Journal): void {
  journal.follow({
    name: 'evidence',
    kinds: ['exhibit', 'exhibit-withdrawal', 'erasure'],
    ownKinds: [],
    async handle(tx, entries) {
      for (const entry of entries) {
        if (entry.member === journal.member || entry.statement === null) continue;
        const { kind } = entry.statement.envelope;
        const { member, book } = entry;
        if (kind === 'exhibit') await keep(tx, entry);
        else if (kind === 'erasure') {
          const { number } = entry.statement.body as ErasureBody;
          await forgetAbroad(tx, { member, book, number });
        } else {
          const { exhibit } = entry.statement.body as ExhibitWithdrawalBody;
          await putWithdrawal(tx, { member, book, id: exhibit, number: entry.number });
        }
      }
    },
  });
}

const firstMs = Date.UTC(1970, 0, 1);

async function keep(tx: Tx, { member, book, number, statement }: Entry): Promise<void> {
  const { envelope, body } = statement!;
  const { exhibit, act, custody, collectedAt } = body as ExhibitBody;
  if (act !== 'disclosed') return;
  // The schema allows instants, numbers and characters that PostgreSQL does not have; who writes them is not heard.
  if (!(instantMs(collectedAt) >= firstMs) || !(instantMs(envelope.at) >= firstMs)) return;
  if (exhibit.title.includes('\0') || !Number.isSafeInteger(exhibit.bytes)) return;
  await putAbroad(tx, {
    member,
    id: exhibit.id,
    book,
    number,
    at: new Date(instantMs(envelope.at)),
    sha256: exhibit.sha256,
    bytes: exhibit.bytes,
    media_type: exhibit.mediaType,
    title: exhibit.title.toWellFormed(),
    custody,
    collected_at: new Date(instantMs(collectedAt)),
    handling: JSON.stringify(envelope.handling),
  });
}

export interface FetchingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly calls: Pick<Calls, 'call'>;
  readonly blobs: Blobs;
  readonly custody: Custody;
  /** How long a fetch may take: ten minutes unless said. */
  readonly fetchMsMax?: number | undefined;
}

/** Brings exhibits of other members here. */
export function openFetching(parts: FetchingParts) {
  const { clock, calls, blobs, custody, fetchMsMax = 10 * minuteMs } = parts;

  async function stage(row: AbroadRow): Promise<StagedBlob> {
    const giveUp = new AbortController();
    const work = download(row, giveUp.signal);
    if (
      await endsWithin(
        work.catch(() => undefined),
        fetchMsMax,
      )
    )
      return work;
    giveUp.abort(new Outage(`${row.member} is too slow`, 60));
    return work;
  }

  async function download(row: AbroadRow, signal: AbortSignal): Promise<StagedBlob> {
    const { member, sha256, bytes } = row;
    const { body } = await calls.call(member, { method: 'GET', path: `/federation/v1/exhibits/${sha256}`, signal });
    const staged = await readAll(row, body, signal);
    if (staged.bytes === bytes && staged.sha256 === sha256) return staged;
    await staged.discard();
    return refuse('malformed.answer', { party: member, rule: staged.bytes === bytes ? 'digest' : 'length' });
  }

  async function readAll(row: AbroadRow, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<StagedBlob> {
    try {
      return await blobs.stage(body, row.bytes);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused) return refuse('malformed.answer', { party: row.member, rule: 'too-large' });
      if (error instanceof Outage) throw error;
      throw new Outage(`${row.member} broke off`, 5, { cause: error });
    }
  }

  /** Makes what was fetched an exhibit here; if another fetch was first, its exhibit. */
  async function receive(tx: Tx, from: AbroadRow, by: Author): Promise<string> {
    const found = (await lockAbroad(tx, from)) ?? refuse('not-found.exhibit');
    if (found.here !== null) return found.here;
    if (found.withdrawn) refuse('not-found.exhibit');
    const row = {
      id: newId(),
      sha256: found.sha256,
      bytes: found.bytes,
      media_type: found.media_type,
      title: found.title,
      collected_at: found.collected_at,
      collected_from: `member:${found.member}`,
      means: 'received' as const,
      handling: found.handling,
      taken_at: new Date(clock.now()),
      taken_by: JSON.stringify(by),
      institution: null,
      origin_member: found.member,
      origin_exhibit: found.id,
      origin_book: found.book,
      origin_number: found.number,
    };
    const { member, book, number, custody: theirs } = found;
    const received = { member, memberExhibit: found.id, memberCustody: theirs, book, statement: number };
    const details = { ...detailsOf(row), ...received };
    await custody.begin(tx, row, { act: 'received', by, place: `server:${member}`, details });
    await markHere(tx, found, row.id);
    return row.id;
  }

  /** The id of the exhibit here. Refuses `not-found.exhibit`, `conflict.exhibit-member` and `malformed.answer`. */
  return async function fetch(by: Author, id: string, member: string | undefined): Promise<string> {
    const rows = await readAbroad(parts.db, id, member);
    const [row] = rows;
    if (row === undefined || (row.withdrawn && row.here === null)) return refuse('not-found.exhibit');
    if (rows.some((other) => other.member !== row.member)) refuse('conflict.exhibit-member');
    if (row.here !== null) return row.here;
    if (row.bytes > exhibitBytesMax) refuse('too-large.exhibit', { bytesMax: exhibitBytesMax });
    const staged = await stage(row);
    return keepAs(parts, staged, (tx) => receive(tx, row, by));
  };
}
