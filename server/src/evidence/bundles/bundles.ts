import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { openNote, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import { checkEntry } from '@bronze-drum/protocol/federation/checks';
import { verifyInclusion } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { ExhibitBody, ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';
import type { ExhibitCustodyBody } from '@bronze-drum/protocol/statements/exhibit-custody';
import type { Statement } from '@bronze-drum/protocol/statements/envelope';
import { hasher, readEntryLine, sha256, writeEntryLine } from '../../journal/journal.ts';
import { verifyEd25519 } from '../../platform/signer.ts';
import { contentName, manifestBytesMax, manifestName } from '../bundling.ts';
import { brokenAt } from '../chain.ts';
import { BundleManifest } from '../contract.ts';
import { endOfTar, lengthInHeader, openPortions, tarPadding } from '../tar.ts';

/** One thing that was looked at, and whether it is as it must be. */
export interface BundleCheck {
  readonly what: 'archive' | 'content' | 'custody' | 'sealed' | 'newest';
  readonly isRight: boolean;
  /** For people. */
  readonly finding: string;
}

const book = 'domestic';
const isManifest = Compile(BundleManifest);
const verify = (key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean =>
  verifyEd25519(key.publicKey, message, signature);

/**
 * Looks at a bundle with nothing but the keys that may have signed for its member. It is what it says if every check is
 * right; a single changed byte anywhere makes one of them wrong. What cannot be looked at for what was wrong before is
 * left out.
 */
export async function checkBundle(
  source: AsyncIterable<Uint8Array>,
  keysOf: (member: string, book: string) => readonly NoteKey[],
): Promise<BundleCheck[]> {
  const checks: BundleCheck[] = [];
  const say = (what: BundleCheck['what'], isRight: boolean, right: string, wrong: string): boolean => {
    checks.push({ what, isRight, finding: isRight ? right : wrong });
    return isRight;
  };
  const read = await readBundle(source);
  if (typeof read === 'string') {
    say('archive', false, '', read);
    return checks;
  }
  const { manifest, content } = read;
  const { exhibit, custody, member } = manifest;
  say('archive', true, `a bundle of the exhibit ${exhibit.id} by ${member}`, '');
  const isContent = content.sha256 === exhibit.sha256 && content.bytes === exhibit.bytes;
  say('content', isContent, `${content.bytes} bytes with SHA-256 ${content.sha256}`, 'is not what was sealed');
  const broken = brokenAt(exhibit.id, custody);
  const isSame = broken === undefined && isSaidFirst(exhibit, custody[0]!.details);
  const wrong = broken === undefined ? 'its first entry speaks of another exhibit' : `entry ${broken} was changed`;
  say('custody', isSame, `${custody.length} entries, each sealed by the next`, wrong);
  const keys = keysOf(member, book);
  const sealed = openProven(manifest, manifest.sealed, keys);
  const newest = openProven(manifest, manifest.newest, keys);
  const isSealed = typeof sealed !== 'string' && speaksOfSealing(sealed, manifest);
  const isNewest = typeof newest !== 'string' && speaksOfNewest(newest, manifest);
  say('sealed', isSealed, `in the journal since ${timeOf(sealed)}`, whyNot(sealed));
  say('newest', isNewest, `the whole chain is in the journal since ${timeOf(newest)}`, whyNot(newest));
  return checks;
}

interface ReadBundle {
  readonly manifest: BundleManifest;
  readonly content: { readonly sha256: string; readonly bytes: number };
}

/** What the archive holds, or what is wrong with it. */
async function readBundle(source: AsyncIterable<Uint8Array>): Promise<ReadBundle | string> {
  const portions = openPortions(source);
  try {
    const head = await portions.header();
    const length = head && lengthInHeader(head, manifestName);
    if (length === undefined || length > manifestBytesMax) return 'it does not begin as a bundle';
    const text = await portions.exactly(length);
    const manifest = text && readManifest(text);
    if (manifest === undefined) return 'its manifest cannot be read';
    if (!isZero(await portions.exactly(tarPadding(length).length))) return 'something stands between its files';
    const contentHead = await portions.header();
    const bytes = contentHead && lengthInHeader(contentHead, contentName);
    if (bytes === undefined) return 'it has no content';
    const hash = createHash('sha256');
    let read = 0;
    for await (const portion of portions.portions(bytes)) {
      hash.update(portion);
      read += portion.length;
    }
    if (read < bytes) return 'it ends before its content does';
    const isEnd = isZero(await portions.exactly(tarPadding(bytes).length + endOfTar.length));
    if (!isEnd || !(await portions.isAtEnd())) return 'something else stands behind its content';
    return { manifest, content: { sha256: hash.digest('hex'), bytes } };
  } finally {
    await portions.close();
  }
}

const isZero = (bytes: Uint8Array | undefined): boolean => bytes?.every((byte) => byte === 0) === true;

/** A manifest in its one spelling: no space, no field twice, nothing that this release would pass over. */
function readManifest(text: Buffer): BundleManifest | undefined {
  try {
    const value: unknown = JSON.parse(text.toString('utf8'));
    if (!isManifest.Check(value)) return undefined;
    return Buffer.compare(Buffer.from(JSON.stringify(value)), text) === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

const refNames = ['sha256', 'bytes', 'mediaType', 'title'] as const;

const isSaidFirst = (exhibit: ExhibitRef, details: BundleManifest['custody'][number]['details']): boolean =>
  refNames.every((name) => details[name] === exhibit[name]);

/** The statement that an entry, its path and a checkpoint prove, or what is wrong with one of them. */
function openProven(
  { member }: BundleManifest,
  { entry, path, checkpoint }: BundleManifest['sealed'],
  keys: readonly NoteKey[],
): Statement | string {
  const read = readEntryLine(Buffer.from(entry));
  if (read === null || writeEntryLine(read) !== `${entry}\n`) return 'its statement cannot be read';
  const checked = checkEntry({ member, book }, read, Number.MAX_SAFE_INTEGER, sha256);
  if (checked === 'erased') return 'the body of its statement was erased';
  if ('held' in checked) return 'its statement is not what was committed to, or not its author’s';
  if (keys.length === 0) return `no key of ${originOf(member, book)} was given`;
  const note = openNote(checkpoint, keys, verify, sha256);
  // One signature: whatever else stood there, nobody would have looked at.
  if (isRefusal(note) || note.origin !== originOf(member, book) || checkpoint.split('\n').length !== 6)
    return 'its checkpoint is not signed by a key that was given';
  const leaf = hasher.leaf(read.commitment);
  const hashes = path.map((hash) => Buffer.from(hash, 'base64'));
  const isIn = verifyInclusion(hasher, leaf, read.number, note.size, hashes, note.root);
  return isIn ? checked.statement : 'its statement is not in the signed journal';
}

function speaksOfSealing({ envelope, body }: Statement, { exhibit, custody }: BundleManifest): boolean {
  if (envelope.kind !== 'exhibit') return false;
  const said = body as ExhibitBody;
  const isSame = said.exhibit.id === exhibit.id && refNames.every((name) => said.exhibit[name] === exhibit[name]);
  return isSame && said.act === 'sealed' && said.custody === custody[0]!.digest;
}

function speaksOfNewest({ envelope, body }: Statement, { exhibit, custody }: BundleManifest): boolean {
  if (envelope.kind !== 'exhibit-custody') return false;
  const said = body as ExhibitCustodyBody;
  const last = custody.at(-1)!;
  const isPlace = said.exhibit === exhibit.id && said.number === last.number && said.act === last.act;
  return isPlace && said.custody === last.digest;
}

const timeOf = (proven: Statement | string): string => (typeof proven === 'string' ? '' : proven.envelope.at);
const whyNot = (proven: Statement | string): string =>
  typeof proven === 'string' ? proven : 'its statement speaks of something else';
