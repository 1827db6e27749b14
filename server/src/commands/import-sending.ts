import { createHash, type Hash } from 'node:crypto';
import { offences, tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import {
  importBatchMax,
  type BatchReport,
  type ImportItem,
  type ImportReport,
  type ImportTerms,
} from '../registry/contract.ts';
import type { FeedEntry, FeedItem } from '../registry/feeds/feeds.ts';
import { CommandError, type Connection } from './connection.ts';

/** A feed to be read, perhaps more than once. */
export interface Source {
  /** Whether it can be read from the beginning a second time. */
  readonly again: boolean;
  open(): AsyncIterable<readonly FeedEntry[]>;
}

interface LineRefusal {
  readonly line: number;
  readonly refused: string;
}

export interface Sent {
  readonly items: number;
  readonly taken: number;
  readonly known: number;
  readonly refused: number;
  /** What the feed holds that is no claim, counted by reason. */
  readonly skipped: Record<string, number>;
  /** The first refusals, at most `refusalsMax`. */
  readonly refusals: readonly LineRefusal[];
}

const refusalsMax = 100_000;

/**
 * Sends a feed to the server in batches, each of which is taken whole. An import that was interrupted goes on behind
 * what the server has; if the feed is another one by now, it begins anew.
 */
export async function send(
  connection: Connection,
  terms: ImportTerms,
  source: Source,
  onItems: (items: number) => void,
  onReview: (approval: string) => void,
): Promise<Sent> {
  const opened = await connection.call<{ import?: ImportReport; proposal?: string; review?: string }>(
    'POST',
    '/v1/registry/imports',
    terms,
  );
  if (opened.import === undefined) {
    throw new CommandError(
      `a second person must approve this import first (approval ${opened.proposal}); then run the same command again`,
      'proposed',
    );
  }
  if (opened.review !== undefined) onReview(opened.review);
  const { id, items, digest } = opened.import;
  const first = await pass(connection, id, source, { items, digest }, onItems);
  if (first !== 'another-feed') return first;
  await connection.call('POST', `/v1/registry/imports/${id}/rewind`);
  if (!source.again)
    throw new CommandError(
      'an earlier import of this source held other data: run the command again to begin anew',
      'another-feed',
    );
  return (await pass(connection, id, source, { items: 0, digest: '' }, onItems)) as Sent;
}

async function pass(
  connection: Connection,
  id: string,
  source: Source,
  from: { items: number; digest: string },
  onItems: (items: number) => void,
): Promise<Sent | 'another-feed'> {
  const sent = {
    items: from.items,
    taken: 0,
    known: 0,
    refused: 0,
    skipped: {} as Record<string, number>,
    refusals: [] as LineRefusal[],
  };
  const digest = createHash('sha256');
  let seen = 0;
  let batch: ImportItem[] = [];
  const underWay: Promise<void>[] = [];
  const refuse = (refusal: LineRefusal): void => {
    sent.refused += 1;
    if (sent.refusals.length < refusalsMax) sent.refusals.push({ line: refusal.line, refused: refusal.refused });
  };
  const flush = async (): Promise<void> => {
    // Two batches travel while the next one is read: never more, so that memory stays flat.
    if (underWay.length === underWayMax) await underWay.shift();
    if (batch.length === 0) return;
    const body = { after: seen - batch.length, digest: digestOf(digest), items: batch };
    batch = [];
    const before = underWay.at(-1);
    const sending = (async (): Promise<void> => {
      const report = await sendBatch(connection, id, body, before);
      // The answers of two batches under way may cross.
      sent.items = Math.max(sent.items, report.items);
      sent.taken += report.taken;
      sent.known += report.known;
      for (const refusal of report.refused) refuse(refusal);
      onItems(sent.items);
    })();
    sending.catch(() => undefined);
    underWay.push(sending);
  };
  for await (const entries of source.open()) {
    for (const entry of entries) {
      if ('skipped' in entry) sent.skipped[entry.skipped] = (sent.skipped[entry.skipped] ?? 0) + entry.count;
      else if ('refused' in entry) refuse(entry);
      else {
        const item = itemOf(entry);
        if ('refused' in item) {
          refuse(item);
          continue;
        }
        digest.update(`${item.line}\t${item.identifier}\n`);
        seen += 1;
        if (seen > from.items) batch.push(item);
        else if (seen === from.items && digestOf(digest) !== from.digest) return 'another-feed';
        if (batch.length === importBatchMax) await flush();
      }
    }
  }
  if (seen < from.items) return 'another-feed';
  await flush();
  await Promise.all(underWay);
  await connection.call('POST', `/v1/registry/imports/${id}/finish`);
  return sent;
}

const underWayMax = 2;

/** Sends one batch; if it overtook the one before it, once more when that one has been taken. */
async function sendBatch(
  connection: Connection,
  id: string,
  body: object,
  before: Promise<void> | undefined,
): Promise<BatchReport> {
  const attempt = (): Promise<BatchReport> => connection.call('POST', `/v1/registry/imports/${id}/batches`, body);
  try {
    return await attempt();
  } catch (error) {
    if (before === undefined || (error as CommandError).code !== 'conflict.import-position') throw error;
    await before;
    return attempt();
  }
}

const digestOf = (digest: Hash): string => digest.copy().digest('hex');

const groundsMax = 2000;

/** A feed's entry in the words of the contract, or why it cannot be said in them. */
function itemOf(entry: FeedItem): ImportItem | LineRefusal {
  const { line, text, type, hints, tier, typologies: named, offence, grounds } = entry;
  if (tier !== undefined && !(tiers as readonly string[]).includes(tier)) return { line, refused: 'feed.tier' };
  if (offence !== undefined && !(offences as readonly string[]).includes(offence))
    return { line, refused: 'feed.offence' };
  if (named?.some((one) => !(typologies as readonly string[]).includes(one)) === true)
    return { line, refused: 'feed.typology' };
  const since = instantOf(entry.since);
  const until = instantOf(entry.until);
  if (since === null || until === null) return { line, refused: 'feed.instant' };
  return {
    line,
    identifier: text,
    ...(type && { type }),
    ...(hints?.country && { country: hints.country }),
    ...(hints?.bank && { bank: hints.bank }),
    ...(tier && { tier }),
    ...(named && named.length > 0 && { typologies: [...new Set(named)].slice(0, 8) }),
    ...(offence && { offence }),
    ...(grounds && { grounds: grounds.slice(0, groundsMax).toWellFormed() }),
    ...(since && { since }),
    ...(until && { until }),
  } as ImportItem;
}

/** RFC 3339 or a date; null if it is neither. */
function instantOf(text: string | undefined): string | undefined | null {
  if (text === undefined || text === '') return undefined;
  const at = /^\d{4}-\d{2}-\d{2}/.test(text)
    ? new Date(text)
    : /^\d{9,10}$/.test(text)
      ? new Date(Number(text) * 1000)
      : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
