import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { writeVerifyingKey } from '@bronze-drum/protocol/checkpoints';
import { keyUses, newRecord, recordMessage, type FoundingBody } from '@bronze-drum/protocol/directory';
import { openTestAlliance, type TestAlliance } from '../directory/test-calls.ts';
import type { Exhibit } from '../evidence/contract.ts';
import { openTestEvidence, type TestEvidence } from '../evidence/test-evidence.ts';
import { sha256 } from '../journal/journal.ts';
import type { Signer } from '../platform/signer.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { evidenceCommand } from './evidence.ts';

let alliance: TestAlliance;
let t: TestEvidence;
let token: string;
let folder: string;
let printed: string;
const before = process.exitCode;

beforeAll(async () => {
  alliance = openTestAlliance();
  t = await openTestEvidence(alliance, 'th');
  token = await t.enlist('malee', ['duty-officer']);
  folder = await mkdtemp(join(tmpdir(), 'drum-evidence-command-'));
});
afterAll(async () => {
  await alliance.close();
  await t.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = before;
});

async function drum(...words: string[]): Promise<typeof process.exitCode> {
  const program = new Command('drum').option('--server <url>').option('--data <folder>').addCommand(evidenceCommand());
  program.setOptionValueWithSource('key', token, 'env');
  await program.parseAsync(['--server', t.party.address!, 'evidence', ...words], { from: 'user' });
  const code = process.exitCode;
  process.exitCode = before;
  return code;
}

const place = (name: string) => join(folder, name);
const about = ['--title', 'Slip', '--from', 'counter', '--at', '2025-12-31T09:00:00Z'];

async function bundled(name: string): Promise<string> {
  await writeFile(place('slip.jpg'), 'a slip');
  await drum('take', place('slip.jpg'), ...about, '--json');
  const { id } = JSON.parse(printed) as Exhibit;
  await drum('bundle', id, place(name));
  printed = '';
  return place(name);
}

/** A charter as a party alone in the world would print it. */
async function charterOf(signer: Signer, name: string): Promise<string> {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const keys = Object.fromEntries(keyUses.map((use) => [use, text(signer.publicKey(use))]));
  const card = { party: 'th', role: 'member', name: 'Thailand', address: 'http://localhost:1', keys };
  const at = '2026-01-01T00:00:00.000Z';
  const record = newRecord({ kind: 'founding', at, after: [], parties: [card] } as unknown as FoundingBody, sha256);
  const signatures = keyUses.map((use) => ({
    party: 'th',
    key: text(signer.publicKey(use)),
    signature: text(signer.sign(use, recordMessage(record.bytes))),
  }));
  await writeFile(place(name), JSON.stringify({ records: [{ bytes: record.bytes, signatures }] }));
  return place(name);
}

test('a file is taken in and listed', async () => {
  await writeFile(place('recording.ogg'), 'a call');
  await drum('take', place('recording.ogg'), ...about, '--means', 'recording', '--type', 'audio/ogg', '--tlp', 'GREEN');
  expect(printed).toMatch(/^[0-9a-f-]{36} is sealed: 6 bytes with SHA-256 [0-9a-f]{64}\n$/);
  printed = '';
  await drum('list');
  expect(printed).toMatch(/EXHIBIT.*TITLE/);
  expect(printed).toMatch(/national-centre\s+6\s+GREEN\s+held\s+1\s+Slip/);
  printed = '';
  await drum('list', '--json', '--limit', '1');
  expect(JSON.parse(printed)).toMatchObject([{ means: 'recording', mediaType: 'audio/ogg' }]);
});

test('what cannot be taken in or listed is said before anything is sent', async () => {
  await expect(drum('take', place('none'), ...about)).rejects.toThrow('there is no file');
  await writeFile(place('x'), 'x');
  await expect(drum('take', place('x'), '--title', 'x', '--from', 'y', '--at', 'noon')).rejects.toThrow('--at takes');
  await expect(drum('list', '--limit', 'all')).rejects.toThrow('--limit takes');
  await writeFile(place('empty'), '');
  await expect(drum('take', place('empty'), ...about)).rejects.toThrow('malformed.empty');
});

test('a bundle is written once, and verifies with the key or with the directory of its member', async () => {
  const file = await bundled('exhibit.tar');
  expect((await stat(file)).mode & 0o077).toBe(0);
  await expect(drum('bundle', '6f2b1a3c-0000-4000-8000-000000000001', file)).rejects.toThrow('not-found.exhibit');
  const [key] = await t.journal.keysOf('domestic');
  expect(await drum('verify', file, '--key', writeVerifyingKey(key!, sha256))).toBe(0);
  expect(printed.trim().split('\n')).toHaveLength(6);
  expect(printed).toContain('The bundle is what it says.');
  expect(await drum('verify', file, '--directory', await charterOf(t.signer, 'charter.json'))).toBe(0);
  expect(await drum('verify', file, '--directory', await charterOf(openTestSigner(), 'other.json'))).toBe(1);
  expect(printed).toContain('WRONG  sealed');
});

test('a changed bundle ends with 1, and whom to believe must be said', async () => {
  const file = await bundled('changed.tar');
  const bytes = await readFile(file);
  bytes[bytes.indexOf('a slip', bytes.length - 2600)]! ^= 1;
  await writeFile(file, bytes);
  const [key] = await t.journal.keysOf('domestic');
  const vkey = writeVerifyingKey(key!, sha256);
  expect(await drum('verify', file, '--key', vkey)).toBe(1);
  expect(printed).toContain('WRONG  content');
  expect(printed).toContain('This is not what was sealed.');
  await expect(drum('verify', file)).rejects.toThrow('say whom to believe');
  await expect(drum('verify', file, '--key', 'x')).rejects.toThrow('not a verifying key');
  await expect(drum('verify', place('none'), '--key', vkey)).rejects.toThrow('there is no file');
  await expect(drum('verify', file, '--directory', place('slip.jpg'))).rejects.toThrow('cannot be read');
  await writeFile(place('empty.json'), '{"records":[]}');
  await expect(drum('verify', file, '--directory', place('empty.json'))).rejects.toThrow('0 foundings');
});
