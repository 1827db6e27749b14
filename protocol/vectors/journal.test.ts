import { readdirSync, readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64 } from '@scure/base';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { commitmentOf } from '../commitments.ts';
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
