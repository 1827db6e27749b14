/**
 * Writes the vectors of the journal, by which another implementation can be checked:
 * `node protocol/vectors/journal.generate.ts`. Keys and salts are fixed and worthless; nothing here is random.
 */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64, hex } from '@scure/base';
import { checkpointBody, keyId, signatureAlgorithms, writeNote, writeVerifyingKey, type NoteKey } from '../checkpoints.ts';
import { commitmentOf, originOf, saltBytes } from '../commitments.ts';
import { addCosignature, cosignatureMessage, cosigningKey } from '../cosignatures.ts';
import { writeStreamLine } from '../federation/pages.ts';
import {
  consistencyProof,
  emptyFrontier,
  inclusionProof,
  pushLeaf,
  rootOf,
  treeHasher,
  type Hash,
  type SubtreeReader,
} from '../proofs.ts';
import { statements, wrongEnvelopes } from './journal.statements.ts';

const hasher = treeHasher(sha256);
const encoder = new TextEncoder();

/** Every file of vectors by its name, as text. */
export async function journalVectors(): Promise<ReadonlyMap<string, string>> {
  const files = {
    'tree.json': await treeVectors(),
    'checkpoint.json': checkpointVectors(),
    'commitment.json': commitmentVectors(),
    'statement.json': statementVectors(),
    'cosignature.json': cosignatureVectors(),
    'stream.json': streamVectors(),
  };
  return new Map(Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]));
}

const saltOf = (number: number): Uint8Array => sha256(encoder.encode(`salt ${number}`)).slice(0, saltBytes);

async function treeVectors() {
  const leaves = Array.from({ length: 20 }, (_, index) => encoder.encode(index === 0 ? '' : `leaf ${index}`));
  const read = readerOver(leaves.map((leaf) => hasher.leaf(leaf)));
  const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 20];
  const pairs = (of: readonly number[]) => of.flatMap((from) => of.filter((to) => to >= from).map((to) => [from, to] as const));
  return {
    about: 'RFC 6962 section 2.1 over SHA-256: leaf H(0x00 || data), node H(0x01 || left || right). Proofs run from the leaf up.',
    leaves: leaves.map((data) => ({ data: hex.encode(data), hash: hex.encode(hasher.leaf(data)) })),
    roots: await Promise.all(sizes.map(async (size) => ({ size, root: hex.encode(await rootOf(hasher, read, size)) }))),
    inclusion: await Promise.all(
      pairs([0, 1, 4, 6, 7, 19]).map(async ([index, last]) => ({
        index,
        size: last + 1,
        path: hexes(await inclusionProof(hasher, read, index, last + 1)),
      })),
    ),
    consistency: await Promise.all(
      pairs([1, 2, 3, 6, 8, 13, 20]).map(async ([from, to]) => ({
        from,
        to,
        path: hexes(await consistencyProof(hasher, read, from, to)),
      })),
    ),
  };
}

const hexes = (hashes: readonly Hash[]): string[] => hashes.map((hash) => hex.encode(hash));

function readerOver(leafHashes: readonly Hash[]): SubtreeReader {
  const kept = new Map<string, Hash>();
  let frontier = emptyFrontier;
  for (const leaf of leafHashes) {
    frontier = pushLeaf(hasher, frontier, leaf, (level, index, hash) => kept.set(`${level}/${index}`, hash));
  }
  return (level, index) => kept.get(`${level}/${index}`)!;
}

/** An Ed25519 pair whose seed is 32 times one byte; the PKCS#8 and SPKI headers are those of RFC 8410. */
function pairOf(name: string, seed: number) {
  const der = Buffer.concat([hex.decode('302e020100300506032b657004220420'), Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = new Uint8Array(createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(12));
  const key: NoteKey = { name, algorithm: signatureAlgorithms.ed25519, publicKey };
  const signature = (message: Uint8Array): Uint8Array => sign(null, message, secret);
  return { key, seed, signature, signed: (body: string) => writeNote(body, key, signature(encoder.encode(body)), sha256) };
}

function checkpointVectors() {
  const ours = pairOf(originOf('th', 'kh+th'), 1);
  const other = pairOf('witness.example/one', 2);
  const body = checkpointBody({ origin: ours.key.name, size: 3, root: sha256(encoder.encode('root')) });
  const note = ours.signed(body);
  const signature = note.slice(body.length + 1);
  const also = other.signed(body).slice(body.length + 1);
  const keys = [ours, other].map(({ key, seed }) => ({
    seed: hex.encode(new Uint8Array(32).fill(seed)),
    publicKey: hex.encode(key.publicKey),
    keyId: hex.encode(keyId(key, sha256)),
    verifyingKey: writeVerifyingKey(key, sha256),
  }));
  return {
    about: 'C2SP tlog-checkpoint in a signed-note. Each note is opened with the first key alone.',
    keys,
    valid: [
      { note, origin: ours.key.name, size: 3, root: hex.encode(sha256(encoder.encode('root'))) },
      { note: `${body}\n${also}${signature}`, what: 'a signature by an unknown key is passed over' },
      { note: ours.signed(`${body}extension line\n`), what: 'an extension line is passed over' },
    ],
    refused: [
      { refused: 'checkpoint.signature', note: note.replace('\n3\n', '\n4\n'), what: 'another size' },
      { refused: 'checkpoint.signature', note: `${body}\n${also}`, what: 'only an unknown key signed' },
      { refused: 'checkpoint.malformed', note: note.slice(0, -1), what: 'the last line has no end' },
      { refused: 'checkpoint.malformed', note: body, what: 'no signature' },
      { refused: 'checkpoint.malformed', note: ours.signed(body.replace('\n3\n', '\n03\n')), what: 'a leading zero' },
      { refused: 'checkpoint.malformed', note: ours.signed(body.replace('\n3\n', '\n9007199254740993\n')), what: 'a size above 2^53 - 1' },
      { refused: 'checkpoint.malformed', note: note.replaceAll('\n', '\r\n'), what: 'control characters' },
      { refused: 'checkpoint.malformed', note: `${note}nonsense\n`, what: 'a signature line that is none' },
    ],
  };
}

function commitmentVectors() {
  const texts = ['', '{}', '{"envelope":{},"body":{"text":"ສະບາຍດີ · สวัสดี · សួស្តី · မင်္ဂလာပါ · xin chào · 你好"}}', 'x'.repeat(200)];
  return {
    about: 'commitment = SHA-256(salt || bytes), the salt always 16 bytes; the leaf of the tree is SHA-256(0x00 || commitment).',
    commitments: texts.map((text, number) => {
      const bytes = encoder.encode(text);
      const commitment = commitmentOf(sha256, saltOf(number), bytes);
      return {
        salt: hex.encode(saltOf(number)),
        bytes: hex.encode(bytes),
        commitment: hex.encode(commitment),
        leaf: hex.encode(hasher.leaf(commitment)),
      };
    }),
  };
}

function statementVectors() {
  return {
    about: 'The exact bytes of statements as a book holds them, in order; the root is that of the book with these leaves.',
    member: 'th',
    book: 'kh+th',
    statements: statements.map((statement, number) => {
      const text = JSON.stringify(statement);
      const salt = saltOf(100 + number);
      return {
        number,
        salt: base64.encode(salt),
        text,
        commitment: base64.encode(commitmentOf(sha256, salt, encoder.encode(text))),
      };
    }),
    root: base64.encode(rootOfStatements()),
    wrongEnvelopes,
  };
}

function rootOfStatements(): Hash {
  const leaves = statements.map((statement, number) =>
    hasher.leaf(commitmentOf(sha256, saltOf(100 + number), encoder.encode(JSON.stringify(statement)))),
  );
  // Two leaves and one: the shape of every tree of three.
  return hasher.node(hasher.node(leaves[0]!, leaves[1]!), leaves[2]!);
}

function cosignatureVectors() {
  const ours = pairOf(originOf('th', 'kh+th'), 1);
  const note = ours.signed(checkpointBody({ origin: ours.key.name, size: 3, root: sha256(encoder.encode('root')) }));
  const cosigners = ['kh', 'vn'].map((party, index) => {
    const { key, seed, signature } = pairOf(party, 3 + index);
    const cosigning = cosigningKey(party, key.publicKey);
    return {
      party,
      seed: hex.encode(new Uint8Array(32).fill(seed)),
      verifyingKey: writeVerifyingKey(cosigning, sha256),
      add: (to: string, at: number) =>
        addCosignature(to, cosigning, at, signature(cosignatureMessage(to, at)), sha256),
    };
  });
  const [kh, vn] = cosigners as [(typeof cosigners)[0], (typeof cosigners)[0]];
  const atSeconds = 1_767_225_600;
  const cosigned = kh.add(note, atSeconds);
  const line = cosigned.slice(note.length);
  return {
    about: 'C2SP tlog-cosignature v1: one more line of a checkpoint’s note. Each note is read with the first key alone.',
    keys: cosigners.map(({ party, seed, verifyingKey }) => ({ party, seed, verifyingKey })),
    message: hex.encode(cosignatureMessage(note, atSeconds)),
    valid: [
      { note: cosigned, atSeconds },
      { note: vn.add(cosigned, atSeconds + 1), atSeconds, what: 'another cosignature after it is passed over' },
      { note: kh.add(vn.add(note, atSeconds), atSeconds), atSeconds, what: 'and one before it' },
    ],
    none: [
      { note, what: 'nobody cosigned' },
      { note: vn.add(note, atSeconds), what: 'another party cosigned' },
      { note: note.replace('\n3\n', '\n4\n') + line, what: 'another size was cosigned' },
    ],
  };
}

/** The book of `statement.json` as its author sends it to a reader that has its first statement. */
function streamVectors() {
  const author = pairOf(originOf('th', 'kh+th'), 1);
  const note = author.signed(checkpointBody({ origin: author.key.name, size: statements.length, root: rootOfStatements() }));
  const entries = statements.map((statement, number) => {
    const text = JSON.stringify(statement);
    const salt = saltOf(100 + number);
    const commitment = commitmentOf(sha256, salt, encoder.encode(text));
    const bytes = base64.encode(encoder.encode(text));
    return `${JSON.stringify({ number, commitment: base64.encode(commitment), salt: base64.encode(salt), bytes })}\n`;
  });
  const page = { book: 'kh+th', from: 1, count: 2, note, proof: [] };
  const beat = { at: '2026-02-01T00:00:03.000Z', directory: hex.encode(sha256(encoder.encode('directory'))) };
  return {
    about: 'What GET /federation/v1/stream?from=kh%2Bth:1 answers: a page, its entries one a line, and then beats.',
    verifyingKey: writeVerifyingKey(author.key, sha256),
    positions: 'kh+th:1',
    /** Of the first statement, which the reader has. */
    rootBefore: base64.encode(hasher.leaf(base64.decode((JSON.parse(entries[0]!) as { commitment: string }).commitment))),
    text: writeStreamLine({ page }) + entries.slice(1).join('') + writeStreamLine({ beat }),
  };
}

if (import.meta.main) {
  for (const [name, text] of await journalVectors()) writeFileSync(new URL(`journal/${name}`, import.meta.url), text);
}
