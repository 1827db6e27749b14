import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageBytesMax, writeStreamLine } from '@bronze-drum/protocol/federation/pages';
import { openTestSigner } from '../platform/test-keys.ts';
import { openTestAlliance, type TestAlliance } from './test-alliance.ts';
import { entryOf, openTestAuthor, textOf, type Script, type TestAuthor } from './test-author.ts';

// Laos's server is played, by its own keys: what it sends is no page of its book. Thailand hears it, and Cambodia.
const timeout = 20_000;
const megabyte = 1024 * 1024;
let alliance: TestAlliance;
let la: TestAuthor;
let listed = 0;

beforeAll(async () => {
  alliance = await openTestAlliance(['kh', 'la', 'th']);
  const house = alliance.of('la');
  await house.close(true);
  la = await openTestAuthor(house);
});
afterAll(async () => {
  await la.close();
  await alliance.close();
});

function say(count: number): void {
  for (let number = 0; number < count; number += 1) {
    listed += 1;
    la.book('alliance').add(entryOf(textOf('la', 'alliance', `ip:45.81.1.${listed}`)));
  }
}

const linkTo = async (party: string): Promise<any> => {
  const { links } = await alliance.of('th').must('GET', '/v1/federation/links');
  return links.find((link: any) => link.party === party);
};
const copies = async (): Promise<string[]> =>
  (await linkTo('la')).reads.map(({ book, here, size }: any) => `${book} ${here} of ${size}`);
const stateOf = async (): Promise<string> => {
  const { state, reason } = await linkTo('la');
  return reason === null ? state : `${state}: ${reason}`;
};
const adviceAtTh = async (identifier: string): Promise<string> =>
  (await alliance.of('th').must('POST', '/v1/screen', { identifiers: [identifier] })).results[0].advice;

/** What Cambodia says still comes to Thailand within moments. */
async function othersAreHeard(): Promise<void> {
  listed += 1;
  const identifier = `ip:45.81.2.${listed}`;
  await alliance.of('kh').must('POST', '/v1/registry/listings', {
    identifier,
    tier: 'observed',
    typologies: ['infrastructure'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: 'seen in an attack',
    audience: 'alliance',
    handling: { tlp: 'AMBER', conditions: [] },
  });
  await expect.poll(() => adviceAtTh(identifier)).not.toBe('clear');
  expect((await linkTo('kh')).state).toBe('live');
}

/** Plays what must be refused, and tells how the link then stands; the honest server afterwards goes on where it was. */
async function outcomeOf(script: Script): Promise<string> {
  const before = await copies();
  la.play(script);
  await expect.poll(stateOf, { timeout, interval: 20 }).toMatch(/^refused/);
  await othersAreHeard();
  const state = await stateOf();
  expect(await copies(), state).toEqual(before);
  say(1);
  la.play();
  const size = la.book('alliance').size();
  await expect.poll(copies, { timeout }).toEqual([`alliance ${size} of ${size}`]);
  await expect.poll(stateOf, { timeout }).toBe('live');
  return state;
}

const book = () => la.book('alliance');
const sending = (make: (from: number) => Promise<string> | string): Script =>
  async function* send(positions) {
    yield await make(positions.get('alliance') ?? 0);
  };
/** What the copy does not have yet, in a page that is not as it should be. */
const page = (other: Parameters<ReturnType<typeof book>['page']>[2] = {}, keptBack = 0): Script =>
  sending((from) => book().page(from, book().size() - keptBack, other));

test('what an honest author says is taken', async () => {
  say(3);
  la.play();
  await expect.poll(copies, { timeout }).toEqual(['alliance 3 of 3']);
});

describe('of an author whose pages are not of its book nothing is stored, and it is said why', () => {
  test('a page by the key of a stranger', async () => {
    say(1);
    const note = await book().note({ signer: openTestSigner() });
    expect(await outcomeOf(page({ note }))).toBe('refused: checkpoint.signature');
  });

  test('a page under a checkpoint that is none', async () => {
    say(1);
    expect(await outcomeOf(page({ note: 'nonsense' }))).toBe('refused: checkpoint.malformed');
  });

  test('a page under a root that its entries do not give', async () => {
    say(1);
    const note = await book().note({ root: Buffer.alloc(32, 1) });
    expect(await outcomeOf(page({ note }))).toBe('refused: federation.other-history');
  });

  test('a page whose proof proves nothing', async () => {
    say(2);
    const proof = [Buffer.alloc(32, 1).toString('base64')];
    expect(await outcomeOf(page({ proof }, 1))).toBe('refused: federation.other-history');
  });

  test('a page whose entries bear other numbers', async () => {
    say(1);
    expect(
      await outcomeOf(
        sending(async (from) => (await book().page(from, book().size())).replace(/"number":\d+/, '"number":7000')),
      ),
    ).toBe('refused: federation.page-order');
  });

  test('a page with a line of nonsense among its entries', async () => {
    say(1);
    expect(
      await outcomeOf(
        sending(async (from) => `${(await book().page(from, book().size())).split('\n')[0]}\n{"number":"one"}\n`),
      ),
    ).toBe('refused: federation.entry-malformed');
  });

  test('a page that announces a thousand million entries', async () => {
    say(1);
    expect(await outcomeOf(page({ header: { count: 1_000_000_000 } }))).toBe('refused: federation.line-malformed');
  });

  test('a book that is not for us', async () =>
    expect(
      await outcomeOf(
        sending(async () => {
          const other = la.bookAside('kh+la');
          other.add(entryOf(textOf('la', 'kh+la', 'ip:45.81.3.1')));
          return other.page(0, other.size());
        }),
      ),
    ).toBe('refused: federation.not-for-us'));

  test('a book that is not theirs to write', async () =>
    expect(
      await outcomeOf(
        sending(async () => {
          const other = la.bookAside('kh+th');
          other.add(entryOf(textOf('la', 'kh+th', 'ip:45.81.3.1')));
          return other.page(0, other.size());
        }),
      ),
    ).toBe('refused: federation.not-theirs'));
});

describe('what an author repeats or leaves out changes nothing', () => {
  test('pages that are known already are passed over, however often they come', async () => {
    const before = await copies();
    la.play(async function* again() {
      for (let count = 0; count < 50; count += 1) yield await book().page(0, book().size());
    });
    await othersAreHeard();
    expect(await copies()).toEqual(before);
    await expect.poll(stateOf, { timeout }).toBe('live');
  });

  test('a page that begins in what is known brings only the rest of it', async () => {
    say(2);
    la.play(sending(() => book().page(1, book().size())));
    await expect.poll(copies, { timeout }).toEqual([`alliance ${book().size()} of ${book().size()}`]);
    const { reads } = await linkTo('la');
    expect(reads[0].applied).toBe(reads[0].here);
  });

  test('a page after a gap is not taken; the copy asks for what is missing', async () => {
    const size = book().size();
    const asked: number[] = [];
    say(4);
    la.play(async function* gap(positions) {
      asked.push(positions.get('alliance') ?? 0);
      yield await book().page(size + 2, size + 4);
    });
    // Again and again, each time from what is there.
    await expect.poll(() => asked.filter((from) => from === size).length, { timeout }).toBeGreaterThan(2);
    expect(Math.max(...asked)).toBe(size);
    expect((await copies())[0]).toMatch(new RegExp(`^alliance ${size} of`));
    await othersAreHeard();
    la.play();
    await expect.poll(copies, { timeout }).toEqual([`alliance ${size + 4} of ${size + 4}`]);
  });

  test('lines of a kind that only a later release knows are passed over', async () => {
    say(1);
    la.play(async function* later(positions) {
      yield '{"proclamation":{"of":"2031"}}\nnot even JSON\n\n';
      yield writeStreamLine({ beat: { at: new Date().toISOString(), directory: '' } });
      yield await book().page(positions.get('alliance') ?? 0, book().size());
    });
    await expect.poll(copies, { timeout }).toEqual([`alliance ${book().size()} of ${book().size()}`]);
    await expect.poll(stateOf, { timeout }).toBe('live');
  });
});

describe('an author that never stops is cut off before it fills the memory', () => {
  /** Sends a piece again and again, until nobody listens; remembers what the longest line swallowed. */
  function pouring(first: () => Promise<string> | string, piece: Buffer) {
    const swallowed = { bytes: 0, ended: 0 };
    const script: Script = async function* pour() {
      let sent = 0;
      try {
        yield await first();
        for (; sent < 256 * megabyte; sent += piece.length) yield piece;
      } finally {
        swallowed.bytes = Math.max(swallowed.bytes, sent);
        swallowed.ended += 1;
      }
    };
    return { swallowed, script };
  }

  /** How much a reader took at the most before it cut the line, and how the link then stands. */
  async function cutOff({ swallowed, script }: ReturnType<typeof pouring>, expected: string): Promise<number> {
    const before = await copies();
    la.play(script);
    // Both readers have cut the line.
    await expect.poll(() => swallowed.ended, { timeout }).toBeGreaterThan(1);
    await othersAreHeard();
    await expect.poll(stateOf, { timeout }).toBe(expected);
    expect(await copies()).toEqual(before);
    la.play();
    await expect.poll(stateOf, { timeout }).toBe('live');
    return swallowed.bytes / megabyte;
  }

  test('in a line without an end', async () => {
    const endless = pouring(() => '{"page":', Buffer.alloc(megabyte, 0x61));
    expect(await cutOff(endless, 'unreachable: the line broke')).toBeLessThan(64);
  });

  test('in a page whose entries are each as long as a line may be', async () => {
    const text = 'x'.repeat(pageBytesMax / 2);
    const [entry] = [entryOf(text)];
    const line = Buffer.from(
      `${JSON.stringify({
        number: book().size(),
        commitment: Buffer.from(entry.commitment).toString('base64'),
        salt: Buffer.from(entry.salt!).toString('base64'),
        bytes: Buffer.from(text).toString('base64'),
      })}\n`,
    );
    const header = { book: 'alliance', from: book().size(), count: 2000, note: await book().note(), proof: [] };
    const long = pouring(() => writeStreamLine({ page: header }), line);
    expect(await cutOff(long, 'refused: federation.page-too-large')).toBeLessThan(64);
  });
});
