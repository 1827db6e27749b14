import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pageEntriesMax, readPositions, readStreamLine, writePositions, writeStreamLine } from './pages.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => readStreamLine(bytesOf(text));
const bookNames = fc.constantFrom('alliance', 'domestic', 'kh+th', 'alliance+unodc', 'kh+la+vn');
const sizes = fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));

describe('positions', () => {
  test('are read as they were written, whatever the books and numbers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(bookNames, sizes), { selector: ([book]) => book }), (pairs) => {
        const positions = new Map(pairs);
        expect(readPositions(writePositions(positions))).toEqual(positions);
        expect(readPositions(decodeURIComponent(encodeURIComponent(writePositions(positions))))).toEqual(positions);
      }),
    );
  });

  test('of nothing are none', () => {
    expect(readPositions('')).toEqual(new Map());
    expect(writePositions(new Map())).toBe('');
  });

  test.each([
    ',',
    'alliance',
    'alliance:',
    'alliance:-1',
    'alliance:01',
    'alliance:1.5',
    'alliance:1e3',
    'alliance:9007199254740992',
    'alliance:1,',
    ' alliance:1',
    'alliance:1\n',
    'Alliance:1',
    'th/alliance:1',
    'alliance:1;kh+th:2',
    `${'a'.repeat(65)}:1`,
  ])('%j are no positions', (text) => {
    expect(readPositions(text)).toBeUndefined();
  });

  test('nothing that is sent makes the reading throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const positions = readPositions(text);
        if (positions !== undefined) expect(positions.size).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('a line of a stream', () => {
  const page = { book: 'alliance', from: 3, count: 2, note: 'a note', proof: ['AAAA'] };
  const beat = { at: '2026-01-01T00:00:00.000Z', directory: 'f'.repeat(64) };

  test('is a page or a beat as it was written', () => {
    for (const line of [{ page }, { beat }]) {
      const text = writeStreamLine(line);
      expect(text.endsWith('\n')).toBe(true);
      expect(read(text.trimEnd())).toEqual(line);
    }
  });

  test('may say more than this release knows', () => {
    expect(read(JSON.stringify({ page: { ...page, hint: 1 }, since: 2031 }))).toMatchObject({ page });
  });

  test.each([
    ['more entries than a page may have', { ...page, count: pageEntriesMax + 1 }],
    ['a thousand million entries', { ...page, count: 1_000_000_000 }],
    ['a part of an entry', { ...page, count: 1.5 }],
    ['less than nothing', { ...page, from: -1 }],
    ['a book whose name is none', { ...page, book: '../keys' }],
    ['a proof longer than any tree is high', { ...page, proof: Array.from({ length: 129 }, () => 'AAAA') }],
    ['a hash longer than any', { ...page, proof: ['A'.repeat(45)] }],
    ['a note longer than any', { ...page, note: 'n'.repeat(131_073) }],
    ['no note', { ...page, note: undefined }],
    ['nothing', null],
  ])('that announces %s is malformed', (_what, wrong) => {
    expect(read(JSON.stringify({ page: wrong }))).toBe('malformed');
  });

  test.each(['', 'x', 'null', '7', '[]', '"page"', '{}', '{"proclamation":{}}', '{"number":1}'])(
    '%j is none that this release knows',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  test('is not believed where its bytes are no UTF-8', () => {
    expect(readStreamLine(Uint8Array.of(...bytesOf('{"beat":{"at":"'), 0xff, ...bytesOf('"}}')))).toBeUndefined();
  });

  test('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readStreamLine(bytes)));
    fc.assert(fc.property(fc.json(), (text) => void readStreamLine(bytesOf(text))));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['malformed', undefined]).toContain(read(JSON.stringify({ page: value })));
      }),
    );
  });
});
