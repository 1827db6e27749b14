import {
  pageBytesMax,
  readStreamLine,
  writePositions,
  type Beat,
  type PageHeader,
} from '@bronze-drum/protocol/federation/pages';
import type { Calls, Directory, SignedRecord } from '../directory/directory.ts';
import { readEntryLine, type ReadEntry } from '../journal/journal.ts';
import { assert } from '../kernel/assert.ts';
import { secondMs, type Clock } from '../kernel/clock.ts';
import { Outage, refuse, Refused } from '../kernel/refusals.ts';
import { openSignal, type Signal } from '../platform/loops.ts';
import { linesOf } from '../platform/text-lines.ts';
import type { Taking } from './taking.ts';

export interface LinksParts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly calls: Calls;
  readonly taking: Taking;
  /** Called when an author signed what does not continue the history that was read so far. */
  onOtherHistory(member: string, page: PageHeader): void;
  /** Called after every page that brought something. */
  onTaken(member: string): void;
  /** Hears of what ends a link otherwise than by an outage or a refusal. */
  readonly onError: (error: unknown) => void;
}

/** How it stands with reading one neighbour. */
export type LinkState =
  | 'connecting'
  | 'live'
  /** No answer; tried again. */
  | 'unreachable'
  /** It answered with a refusal, or what it sent does not verify. */
  | 'refused'
  /** We take nothing from it, by our own decision. */
  | 'paused'
  | 'isolated';

export interface LinkView {
  readonly party: string;
  readonly state: LinkState;
  /** The code of the refusal, or `link.…`: why there is no line. */
  readonly reason: string | null;
  readonly sinceMs: number;
  /** When something was heard last, be it a beat; null before that. */
  readonly heardAtMs: number | null;
  /** How far its clock is ahead of ours, as its last beat said. */
  readonly skewMs: number | null;
}

/** Beats come every three seconds. */
const idleMsMax = 10 * secondMs;
const retryMsMin = 200;
const retryMsMax = 5 * secondMs;

interface Link {
  view: LinkView;
  readonly changed: Signal;
  /** Settles when nothing of the line under way can come into the copy any more. */
  listening: Promise<void>;
  stop: AbortController;
  failures: number;
  ended: Promise<void>;
}

/** Listens to every neighbour that the directory names, and begins anew whenever a line breaks. */
export function openLinks(parts: LinksParts) {
  const { clock, directory, calls, taking } = parts;
  const links = new Map<string, Link>();
  const meet = openMeetings(parts);
  let open = true;

  const set = (link: Link, state: LinkState, reason: string | null = null): void => {
    if (link.view.state === state && link.view.reason === reason) return;
    link.view = { ...link.view, state, reason, sinceMs: clock.now() };
  };

  function attend(): void {
    for (const { code } of directory.parties()) {
      if (code === directory.self) continue;
      const known = links.get(code);
      if (known === undefined) links.set(code, begin(code));
      else {
        if (barOf(code) !== undefined) known.stop.abort();
        known.failures = 0;
        known.changed.raise();
      }
    }
  }

  function begin(party: string): Link {
    const link: Link = {
      view: { party, state: 'connecting', reason: null, sinceMs: clock.now(), heardAtMs: null, skewMs: null },
      changed: openSignal(),
      listening: Promise.resolve(),
      stop: new AbortController(),
      failures: 0,
      ended: Promise.resolve(),
    };
    link.ended = keep(party, link).catch(parts.onError);
    return link;
  }

  function barOf(party: string): 'paused' | 'isolated' | undefined {
    if (directory.isIsolated()) return 'isolated';
    return ['in', 'both'].includes(directory.pauseOf(party)) ? 'paused' : undefined;
  }

  async function keep(party: string, link: Link): Promise<void> {
    while (open) {
      const seen = link.changed.count();
      const bar = barOf(party);
      if (bar !== undefined) {
        set(link, bar);
        await link.changed.wait(seen, 60 * secondMs);
        continue;
      }
      link.stop = new AbortController();
      link.listening = listen(party, link).catch((error: unknown) => explain(link, error));
      await link.listening;
      if (!open) return;
      const waitMs = Math.min(retryMsMin * 2 ** link.failures, retryMsMax);
      link.failures += 1;
      await link.changed.wait(seen, waitMs);
    }
  }

  function explain(link: Link, error: unknown): void {
    if (error instanceof Refused) {
      // The positions of the copy are asked for anew.
      if (error.refusal.refused === 'federation.gap') return set(link, 'connecting');
      return set(link, 'refused', error.refusal.refused);
    }
    const isStopped = link.stop.signal.aborted && (isBrokenLine(error) || error instanceof Outage);
    if (isStopped) return set(link, 'connecting');
    set(link, 'unreachable', (error instanceof Outage ? error.code : undefined) ?? 'link.broke');
    if (error instanceof Outage) return;
    if (!isBrokenLine(error)) parts.onError(error);
  }

  async function listen(party: string, link: Link): Promise<void> {
    const from = encodeURIComponent(writePositions(taking.positions(party)));
    const { body } = await calls.call(party, {
      method: 'GET',
      path: `/federation/v1/stream?from=${from}`,
      signal: link.stop.signal,
      idleMsMax,
    });
    // Whoever sends again and again what does not verify stays refused, and is asked ever more rarely.
    if (link.view.state !== 'refused') set(link, 'live');
    /** Books in which the author contradicts itself: its others go on. */
    const contradicted = new Map<string, Refused>();
    const verified = (): void => {
      const [refused] = contradicted.values();
      if (refused !== undefined) return set(link, 'refused', refused.refusal.refused);
      link.failures = 0;
      set(link, 'live');
    };
    // One page is applied while the next one is read.
    let applying: Promise<void> | undefined;
    try {
      for await (const piece of piecesOf(body)) {
        link.view = { ...link.view, heardAtMs: clock.now() };
        await applying;
        if ('beat' in piece) {
          verified();
          // With nothing else to do, what was refused is asked for again.
          for (const refused of contradicted.values()) throw refused;
          link.view = { ...link.view, skewMs: Date.parse(piece.beat.at) - clock.now() };
          if (piece.beat.directory !== directory.digest()) void meet(party);
          continue;
        }
        if (contradicted.has(piece.page.book)) continue;
        applying = apply(party, piece.page, piece.entries)
          .catch((error: unknown) => {
            if (!isContradiction(error)) throw error;
            contradicted.set(piece.page.book, error);
          })
          .then(verified);
        applying.catch(() => link.stop.abort());
      }
    } finally {
      await applying;
    }
    throw new Outage('the line was closed', 1, { code: 'link.closed' });
  }

  async function apply(party: string, page: PageHeader, entries: readonly ReadEntry[]): Promise<void> {
    try {
      if ((await taking.take(party, page, entries)) > 0) parts.onTaken(party);
    } catch (error) {
      // A key that we do not know yet may be a new one: its owner's directory tells.
      const code = error instanceof Refused ? error.refusal.refused : undefined;
      if (code === 'checkpoint.signature') await meet(party);
      if (code === 'federation.other-history') parts.onOtherHistory(party, page);
      throw error;
    }
  }

  directory.onChange(attend);
  attend();
  return {
    /** Breaks the line to an author, and waits until what came by it is stored or gone. It is opened again by itself. */
    async leave(party: string): Promise<void> {
      const link = links.get(party);
      link?.stop.abort();
      await link?.listening;
    },
    views: (): LinkView[] => [...links.values()].map((link) => link.view),
    async close(): Promise<void> {
      open = false;
      for (const link of links.values()) {
        link.stop.abort();
        link.changed.raise();
      }
      await Promise.all([...links.values()].map((link) => link.ended));
    },
  };
}

type Piece = { readonly beat: Beat } | { readonly page: PageHeader; readonly entries: ReadEntry[] };

/** What a stream's bytes say: beats, and pages with their entries. */
async function* piecesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, void> {
  let page: PageHeader | undefined;
  let entries: ReadEntry[] = [];
  let pageBytes = 0;
  for await (const line of linesOf(bytes)) {
    if (line === null) throw new Outage('the line broke', 1);
    if (page === undefined) {
      const read = readStreamLine(line);
      // A line of a kind that a newer release sends.
      if (read === undefined) continue;
      if (read === 'malformed') refuse('federation.line-malformed');
      if ('beat' in read) {
        yield read;
        continue;
      }
      page = read.page;
      entries = [];
      pageBytes = 0;
    } else {
      // An author ends a page with the entry that reaches this.
      if (pageBytes > pageBytesMax) refuse('federation.page-too-large');
      pageBytes += line.length + 1;
      const entry = readEntryLine(line);
      if (entry === null) refuse('federation.entry-malformed');
      entries.push(entry);
    }
    if (entries.length < page.count) continue;
    assert(entries.length === page.count, 'a page ends with its last entry');
    yield { page, entries };
    page = undefined;
  }
}

const contradictions = ['federation.other-history', 'federation.fork'];

function isContradiction(error: unknown): error is Refused {
  return error instanceof Refused && contradictions.includes(error.refusal.refused);
}

/** Exchanges directory records with a neighbour; asked again meanwhile, it is one exchange. */
function openMeetings({ directory, calls, onError }: LinksParts): (party: string) => Promise<void> {
  const meetings = new Map<string, Promise<void>>();
  return (party) => {
    const known = meetings.get(party);
    if (known !== undefined) return known;
    const meeting = exchangeRecords(directory, calls, party)
      .catch((error: unknown) => {
        if (!(error instanceof Outage || error instanceof Refused)) onError(error);
      })
      .finally(() => meetings.delete(party));
    meetings.set(party, meeting);
    return meeting;
  };
}

async function exchangeRecords(directory: Directory, calls: Calls, party: string): Promise<void> {
  const { body } = await calls.call(party, { method: 'GET', path: '/federation/v1/directory' });
  const { records } = (await body.json()) as { records: SignedRecord[] };
  await directory.merge(records);
  const answer = await calls.call(party, {
    method: 'POST',
    path: '/federation/v1/directory',
    body: { records: await directory.records() },
  });
  await answer.body.dump();
}

function isBrokenLine(error: unknown): boolean {
  const code = (error as { code?: string } | null)?.code ?? '';
  const name = (error as Error | null)?.name ?? '';
  return /^(UND_|E[A-Z]+|ABORT)/.test(code) || /Abort|SocketError|Timeout/.test(name);
}
