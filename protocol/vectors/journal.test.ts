import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64, hex } from '@scure/base';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { parseVerifyingKey, type NoteKey } from '../checkpoints.ts';
import { commitmentOf } from '../commitments.ts';
import { readCosignature } from '../cosignatures.ts';
import { checkEntry } from '../federation/checks.ts';
import { readPositions, readStreamLine, type PageHeader } from '../federation/pages.ts';
import { openCheckpoint } from '../federation/reading.ts';
import { emptyFrontier, pushLeaf, rootOfFrontier, treeHasher } from '../proofs.ts';
import { isRefusal } from '../refusals.ts';
import { Envelope } from '../statements/envelope.ts';
import { ErasureBody } from '../statements/erasure.ts';
import { ListingBody } from '../statements/listing.ts';
import { journalVectors } from './journal.generate.ts';
import { statements, wrongEnvelopes } from './journal.statements.ts';

const folder = new URL('journal/', import.meta.url);

test('the published vectors are what `node protocol/vectors/journal.generate.ts` writes', async () => {
  const made = await journalVectors();
  expect(readdirSync(folder).sort()).toEqual([...made.keys()].sort());
  for (const [name, text] of made) expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text);
});

test('each published statement commits to its exact text', () => {
  const { statements: published } = JSON.parse(readFileSync(new URL('statement.json', folder), 'utf8')) as {
    statements: { salt: string; text: string; commitment: string }[];
  };
  expect(published.map(({ text }) => JSON.parse(text) as unknown)).toEqual(statements);
  for (const { salt, text, commitment } of published) {
    expect(base64.encode(commitmentOf(sha256, base64.decode(salt), new TextEncoder().encode(text)))).toBe(commitment);
  }
});

test('the envelopes are valid whatever their kind, and the bodies of known kinds are', () => {
  const envelope = Compile(Envelope);
  for (const statement of statements) expect([...envelope.Errors(statement.envelope)]).toEqual([]);
  expect(Compile(ListingBody).Check(statements[0]!.body)).toBe(true);
  expect(Compile(ErasureBody).Check(statements[2]!.body)).toBe(true);
});

test.each(wrongEnvelopes)('an envelope that is wrong at $at is refused there', ({ at, envelope }) => {
  const errors = Compile(Envelope).Errors(envelope);
  expect(errors.map((error) => error.instancePath)).toContain(at);
});

test('the published cosignatures are read by their key, and the others are none', () => {
  const { keys, valid, none } = JSON.parse(readFileSync(new URL('cosignature.json', folder), 'utf8')) as {
    keys: { verifyingKey: string }[];
    valid: { note: string; atSeconds: number }[];
    none: { note: string }[];
  };
  const key = parseVerifyingKey(keys[0]!.verifyingKey, sha256);
  if (isRefusal(key)) throw new Error(key.refused);
  for (const { note, atSeconds } of valid) expect(readCosignature(note, [key], verifyEd25519, sha256)).toBe(atSeconds);
  for (const { note } of none) expect(readCosignature(note, [key], verifyEd25519, sha256)).toBeUndefined();
});

test('the published stream is a page that continues what its reader has, and a beat', () => {
  const { verifyingKey, positions, rootBefore, text } = JSON.parse(
    readFileSync(new URL('stream.json', folder), 'utf8'),
  ) as Record<'verifyingKey' | 'positions' | 'rootBefore' | 'text', string>;
  const key = parseVerifyingKey(verifyingKey, sha256);
  if (isRefusal(key)) throw new Error(key.refused);
  expect(readPositions(positions)).toEqual(new Map([['kh+th', 1]]));
  const [first = '', ...lines] = text.trimEnd().split('\n');
  const { page } = readStreamLine(new TextEncoder().encode(first)) as { page: PageHeader };
  expect(readStreamLine(new TextEncoder().encode(lines.pop()))).toHaveProperty('beat');
  expect(lines).toHaveLength(page.count);
  const hasher = treeHasher(sha256);
  const of = { member: 'th', book: 'kh+th' };
  let tree = pushLeaf(hasher, emptyFrontier, base64.decode(rootBefore));
  for (const [index, line] of lines.entries()) {
    const { number, commitment, salt, bytes } = JSON.parse(line) as Record<string, string> & { number: number };
    const entry = {
      number,
      commitment: base64.decode(commitment!),
      salt: base64.decode(salt!),
      bytes: base64.decode(bytes!),
    };
    expect(number).toBe(page.from + index);
    expect(checkEntry(of, entry, Date.UTC(2026, 1, 1), sha256)).toHaveProperty('text');
    tree = pushLeaf(hasher, tree, hasher.leaf(entry.commitment));
  }
  const checkpoint = openCheckpoint({ hasher, sha256, verify: verifyEd25519 }, of, page.note, [key]);
  expect(checkpoint).toMatchObject({ size: 3, root: rootOfFrontier(hasher, tree) });
});

function verifyEd25519(key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean {
  const der = Buffer.from([...hex.decode('302a300506032b6570032100'), ...key.publicKey]);
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}
