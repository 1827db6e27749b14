import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitmentOf } from '../commitments.ts';
import type { Envelope } from '../statements/envelope.ts';
import { checkEntry, futureMsMax, quarantineCodes, releasableCodes, type Checked } from './checks.ts';

const of = { member: 'th', book: 'alliance' };
const nowMs = Date.UTC(2026, 10, 22, 3);
const salt = new Uint8Array(16).fill(3);

const envelope: Envelope = {
  member: 'th',
  book: 'alliance',
  kind: 'listing',
  version: 1,
  at: '2026-11-22T03:00:00.000Z',
  author: { office: 'aoc', officer: 'th-0017' },
  audience: ['alliance'],
  handling: { tlp: 'AMBER', conditions: [] },
  subject: 'ip:45.66.77.88',
};
const body = {
  id: '0d5d6c3e-8f0b-4f0e-9f3d-3f6f5f1c2a11',
  revision: 1,
  key: 'ip:45.66.77.88',
  tier: 'observed',
  typologies: ['infrastructure'],
  offence: 'telecom-online-fraud',
  grading: { source: 'C', information: 3 },
  grounds: 'seen in an attack',
  since: '2026-11-22T03:00:00.000Z',
  until: '2027-02-20T03:00:00.000Z',
  discreet: false,
};
const erasure = { envelope: { kind: 'erasure', subject: undefined }, body: { number: 4, basis: 'PDPA s.33' } };

const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;
const entryOf = (sent: string | Uint8Array, number = 9) => {
  const bytes = bytesOf(sent);
  return { number, salt, bytes, commitment: commitmentOf(sha256, salt, bytes) };
};
const textOf = (change: object = {}, said: object = body): string =>
  JSON.stringify({ envelope: { ...envelope, ...change }, body: said });
const check = (sent: string | Uint8Array, where = of): Checked => checkEntry(where, entryOf(sent), nowMs, sha256);
const codeOf = (checked: Checked): string =>
  typeof checked === 'object' && 'held' in checked ? checked.held : 'let in';

describe('a statement that is in order', () => {
  test('is let in with the exact text that was committed to', () => {
    const text = textOf();
    expect(check(text)).toEqual({ statement: JSON.parse(text), text });
  });

  test('may be of a kind or a version that this release does not know', () => {
    expect(codeOf(check(textOf({ kind: 'from-a-later-release' }, { anything: [true] })))).toBe('let in');
    expect(codeOf(check(textOf({ version: 2 }, { anything: true })))).toBe('let in');
    expect(
      codeOf(check(`{"envelope":${JSON.stringify({ ...envelope, kind: 'erasure', version: 2 })},"body":null}`)),
    ).toBe('let in');
  });

  test('may be dated a little ahead, as clocks differ', () => {
    const ahead = (ms: number) => codeOf(check(textOf({ at: new Date(nowMs + ms).toISOString() })));
    expect([ahead(futureMsMax), ahead(futureMsMax + 1)]).toEqual(['let in', 'quarantine.future']);
  });

  test('erases what was said before it', () => {
    const text = textOf(erasure.envelope, erasure.body);
    expect(codeOf(check(text))).toBe('let in');
    expect(codeOf(checkEntry(of, entryOf(text, 5), nowMs, sha256))).toBe('let in');
    expect(codeOf(checkEntry(of, entryOf(text, 4), nowMs, sha256))).toBe('quarantine.schema');
  });

  test('whose body its author erased has nothing to be held', () => {
    const { commitment } = entryOf(textOf());
    expect(checkEntry(of, { commitment, salt: null, bytes: null }, nowMs, sha256)).toBe('erased');
  });
});

describe('a statement is held back', () => {
  const RED = { handling: { tlp: 'RED', conditions: [] } };
  const beyond = { book: 'alliance+unodc', audience: ['alliance', 'unodc'] };
  test.each<[string, string, string | Uint8Array, typeof of?]>([
    ['that is no UTF-8', 'quarantine.text', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['that is no JSON', 'quarantine.text', 'nonsense'],
    ['that begins with a byte order mark', 'quarantine.text', `\ufeff${textOf()}`],
    ['with a NUL, which no database keeps', 'quarantine.text', `${textOf()}\0`],
    ['that is empty', 'quarantine.text', ''],
    ['that is null', 'quarantine.envelope', 'null'],
    ['without an envelope', 'quarantine.envelope', '{"body":{}}'],
    ['with a word in its envelope that nobody knows', 'quarantine.envelope', textOf({ seal: 'x' })],
    ['of a day that no calendar has', 'quarantine.envelope', textOf({ at: '2026-13-45T99:99:99.999Z' })],
    ['of another member', 'quarantine.author', textOf({ member: 'kh' })],
    ['of another book', 'quarantine.author', textOf({ book: 'kh+th', audience: ['kh', 'th'] })],
    ['whose audience is not its book’s', 'quarantine.audience', textOf({ audience: ['kh', 'th'] })],
    ['whose body is not one of its kind', 'quarantine.schema', textOf({}, { ...body, tier: 'rumour' })],
    ['without a body', 'quarantine.schema', JSON.stringify({ envelope })],
    ['that erases no number', 'quarantine.schema', textOf(erasure.envelope, { ...erasure.body, number: 1e300 })],
    ['that is for the eyes of two, and said to all', 'quarantine.handling', textOf(RED)],
    [
      'under a label of members, said to an observer',
      'quarantine.handling',
      textOf(beyond),
      { ...of, book: beyond.book },
    ],
    [
      'of a person, said to an observer',
      'quarantine.handling',
      textOf({ ...beyond, handling: { tlp: 'GREEN', conditions: [] }, subject: 'phone:+66812345678' }),
      { ...of, book: beyond.book },
    ],
    ['from the future', 'quarantine.future', textOf({ at: '2026-11-22T03:20:00.000Z' })],
  ])('%s: %s', (_what, code, sent, where = of) => {
    expect(codeOf(check(sent, where))).toBe(code);
  });

  test('whose body is not what was committed to, be it by its salt alone', () => {
    const entry = entryOf(textOf());
    const changed = [
      { ...entry, bytes: bytesOf(textOf({ version: 2 })) },
      { ...entry, salt: new Uint8Array(16) },
      { ...entry, commitment: sha256(entry.commitment) },
    ];
    for (const one of changed)
      expect(checkEntry(of, one, nowMs, sha256)).toEqual({ held: 'quarantine.commitment', statement: null });
  });

  test('under a code that an officer may release only where it is its author’s own word', () => {
    expect(releasableCodes).toEqual(['quarantine.handling', 'quarantine.future']);
    for (const code of releasableCodes) expect(quarantineCodes).toContain(code);
  });
});

describe('whatever is sent', () => {
  const isSound = (checked: Checked): boolean =>
    checked === 'erased' || ('held' in checked ? quarantineCodes.includes(checked.held) : checked.text !== '');

  test('bytes that mean nothing are held, and never make the check throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['quarantine.text', 'quarantine.envelope']).toContain(codeOf(check(bytes)));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (commitment, bytes) => {
        expect(codeOf(checkEntry(of, { commitment, salt, bytes }, nowMs, sha256))).toBe('quarantine.commitment');
      }),
    );
  });

  test('a statement with anything in it replaced is judged, and what is let in is its author’s', () => {
    const place = fc.constantFrom(...Object.keys(envelope), 'retention', 'withdraws', '__proto__', 'constructor');
    fc.assert(
      fc.property(place, fc.jsonValue(), fc.jsonValue(), fc.boolean(), (name, value, said, whole) => {
        const text = JSON.stringify({
          envelope: Object.fromEntries([...Object.entries(envelope), [name, value]]),
          body: whole ? body : said,
        });
        const checked = check(text);
        expect(isSound(checked)).toBe(true);
        if (typeof checked !== 'object' || 'held' in checked) return;
        const { envelope: read } = checked.statement;
        expect([read.member, read.book]).toEqual([of.member, of.book]);
        expect(Number.isNaN(Date.parse(read.at))).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  test('a statement nested a hundred thousand deep is judged like any other', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(codeOf(check(deep))).toBe('quarantine.envelope');
    expect(codeOf(check(textOf({}, body).replace('"seen in an attack"', deep)))).toBe('quarantine.schema');
    expect(isSound(check(textOf({ kind: 'unknown' }, {}).replace('{}', deep)))).toBe(true);
  });
});
