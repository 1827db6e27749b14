import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NoteKey } from '@bronze-drum/protocol/checkpoints';
import { openTestAlliance, type TestAlliance } from '../../directory/test-calls.ts';
import { openTestSigner } from '../../platform/test-keys.ts';
import { sealEntry } from '../chain.ts';
import type { BundleManifest, Exhibit } from '../contract.ts';
import { tarBytes, tarHeader, tarPadding } from '../tar.ts';
import { openTestEvidence, type TestEvidence } from '../test-evidence.ts';
import { checkBundle, type BundleCheck } from './bundles.ts';

let alliance: TestAlliance;
let t: TestEvidence;
let officer: string;
let exhibit: Exhibit;
let given: Awaited<ReturnType<TestEvidence['raw']>>;
let bundle: Buffer;
let keys: NoteKey[];

beforeAll(async () => {
  alliance = openTestAlliance();
  t = await openTestEvidence(alliance, 'th');
  officer = await t.enlist('malee', ['duty-officer']);
  exhibit = await t.taken(officer, 'what the court will see', { title: 'ใบเสร็จ' });
  for (const act of ['moved', 'examined'])
    await t.call('POST', `/v1/exhibits/${exhibit.id}/notes`, officer, { act, place: 'vault' });
  for (let n = 0; n < 5; n += 1) await t.taken(officer, `another ${n}`);
  given = await t.raw(`/v1/exhibits/${exhibit.id}/bundle`, officer);
  bundle = given.body;
  keys = await t.journal.keysOf('domestic');
});
afterAll(async () => {
  await alliance.close();
  await t.close();
});

async function* inPieces(bytes: Buffer, size = 700): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const check = (bytes: Buffer, with_: readonly NoteKey[] = keys): Promise<BundleCheck[]> =>
  checkBundle(inPieces(bytes), () => with_);
const wrongIn = async (bytes: Buffer, with_ = keys): Promise<string[]> =>
  (await check(bytes, with_)).filter(({ isRight }) => !isRight).map(({ what }) => what);

const manifestIn = (bytes: Buffer): BundleManifest =>
  JSON.parse(
    bytes.subarray(512, 512 + Number.parseInt(bytes.toString('latin1', 124, 135), 8)).toString('utf8'),
  ) as BundleManifest;

/** A bundle as a forger would write it, in good form. */
function forged(manifest: BundleManifest, content = 'what the court will see'): Buffer {
  const text = Buffer.from(JSON.stringify(manifest));
  const bytes = Buffer.byteLength(content);
  return Buffer.concat([
    tarHeader('manifest.json', text.length),
    text,
    tarPadding(text.length),
    tarHeader('content', bytes),
    Buffer.from(content),
    tarPadding(bytes),
    Buffer.alloc(1024),
  ]);
}

describe('a bundle', () => {
  test('proves by itself what the exhibit is, and what was done with it', async () => {
    expect(given).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-tar' } });
    expect(given.headers).toMatchObject({ 'content-length': String(bundle.length) });
    const checks = await check(bundle);
    expect(checks.map(({ what, isRight }) => [what, isRight])).toEqual([
      ['archive', true],
      ['content', true],
      ['custody', true],
      ['sealed', true],
      ['newest', true],
    ]);
    const { custody } = manifestIn(bundle);
    expect(custody.map(({ act }) => act)).toEqual(['sealed', 'moved', 'examined', 'bundled']);
    expect(bundle).toHaveLength(tarBytes([Buffer.byteLength(JSON.stringify(manifestIn(bundle))), exhibit.bytes]));
    expect(Buffer.compare(forged(manifestIn(bundle)), bundle)).toBe(0);
    // Another one later holds more of the chain, and is as good.
    const later = (await t.raw(`/v1/exhibits/${exhibit.id}/bundle`, officer)).body;
    expect(manifestIn(later).custody).toHaveLength(5);
    expect(await wrongIn(later)).toEqual([]);
  });

  test('is believed only by the key of its member', async () => {
    const [key] = keys as [NoteKey];
    const stranger = { ...key, publicKey: openTestSigner().publicKey('checkpoint') };
    expect(await wrongIn(bundle, [stranger])).toEqual(['sealed', 'newest']);
    expect(await wrongIn(bundle, [])).toEqual(['sealed', 'newest']);
    expect(await wrongIn(bundle, [{ ...key, name: 'kh.bronze-drum/domestic' }])).toEqual(['sealed', 'newest']);
    expect(await wrongIn(bundle, [stranger, key])).toEqual([]);
  });

  test('in which any bit of any part was changed is found out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bundle.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(bundle);
        changed[at]! ^= 1 << bit;
        expect(await wrongIn(changed)).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('each byte of its headers and its fillings counts', async () => {
    const manifestEnd = 512 + Buffer.byteLength(JSON.stringify(manifestIn(bundle)));
    for (let at = 0; at < bundle.length; at += at < 512 || at >= manifestEnd ? 1 : manifestEnd - 512) {
      const changed = Buffer.from(bundle);
      changed[at]! ^= 1;
      expect(await wrongIn(changed), `byte ${at}`).not.toEqual([]);
    }
  });

  test('that was cut short or lengthened is found out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bundle.length - 1), async (length) => {
        expect(await wrongIn(bundle.subarray(0, length))).toEqual(['archive']);
      }),
      { numRuns: 60 },
    );
    expect(await wrongIn(Buffer.concat([bundle, Buffer.alloc(1)]))).toEqual(['archive']);
    expect(await wrongIn(Buffer.alloc(0))).toEqual(['archive']);
    expect(await wrongIn(Buffer.alloc(10_000, 'x'))).toEqual(['archive']);
  });

  test('that a forger wrote in good form says other than the journal', async () => {
    const manifest = manifestIn(bundle);
    const [first, second, ...rest] = manifest.custody as [never, never];
    const digestless = ({ digest: _, ...entry }: BundleManifest['custody'][number]) => entry;
    const resealed = sealEntry({ ...digestless(second), place: 'elsewhere' });
    const rewritten: BundleManifest['custody'] = [first, resealed];
    for (const entry of rest as BundleManifest['custody'])
      rewritten.push(sealEntry({ ...digestless(entry), before: rewritten.at(-1)!.digest }));
    const cases: [string, Buffer, string[]][] = [
      ['another content', forged(manifest, 'what the court shall see'), ['content']],
      ['another title', forged({ ...manifest, exhibit: { ...manifest.exhibit, title: 'x' } }), ['custody', 'sealed']],
      ['a rewritten chain', forged({ ...manifest, custody: rewritten }), ['newest']],
      ['a shorter chain', forged({ ...manifest, custody: manifest.custody.slice(0, -1) }), ['newest']],
      ['another member', forged({ ...manifest, member: 'kh' }), ['sealed', 'newest']],
      ['one statement for the other', forged({ ...manifest, newest: manifest.sealed }), ['newest']],
      ['another path', forged({ ...manifest, sealed: { ...manifest.sealed, path: [] } }), ['sealed']],
      [
        'a second signature',
        forged({
          ...manifest,
          sealed: { ...manifest.sealed, checkpoint: `${manifest.sealed.checkpoint}— x AAAAAAAA\n` },
        }),
        ['sealed'],
      ],
    ];
    for (const [name, bytes, wrong] of cases) expect(await wrongIn(bytes), name).toEqual(wrong);
    const other = await t.taken(officer, 'another');
    const otherBundle = (await t.raw(`/v1/exhibits/${other.id}/bundle`, officer)).body;
    const mixed = { ...manifest, sealed: manifestIn(otherBundle).sealed, newest: manifestIn(otherBundle).newest };
    expect(await wrongIn(forged(mixed))).toEqual(['sealed', 'newest']);
  });
});
