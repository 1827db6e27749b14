import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DataSetError } from './data-set.ts';

/** The files of a data set, by their path inside its folder or archive, `.gz` taken away. */
export interface StoredFiles {
  readonly name: string;
  readonly paths: readonly string[];
  /** What is in it, unpacked. */
  read(path: string): Promise<Uint8Array>;
}

const depthMax = 3;
const filesMax = 5000;
const tarBlock = 512;

/** A folder, a .tgz or .tar archive, or one file. */
export async function openStoredFiles(path: string): Promise<StoredFiles> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new DataSetError('evaluate.not-found', `There is no file or folder ${path}`);
  const name = basename(path).replace(/(?:\.tgz|\.tar|\.csv|\.ndjson|\.gz)+$/, '');
  if (found.isDirectory()) return openFolder(path, name);
  if (/\.(?:tgz|tar|tar\.gz)$/.test(path)) return openArchive(await readFile(path), name);
  return {
    name,
    paths: [withoutGz(basename(path))],
    read: async () => unpacked(await readFile(path)),
  };
}

async function openFolder(folder: string, name: string): Promise<StoredFiles> {
  const stored = new Map<string, string>();
  const visit = async (inside: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, inside), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = join(inside, entry.name);
      if (entry.isDirectory() && depth < depthMax) await visit(path, depth + 1);
      else if (!entry.isDirectory() && stored.size < filesMax) stored.set(withoutGz(path), join(folder, path));
    }
  };
  await visit('', 0);
  return {
    name,
    paths: [...stored.keys()],
    read: async (path) => unpacked(await readFile(stored.get(path) ?? join(folder, path))),
  };
}

/** Reads ustar: what AMLSim's samples come in. */
function openArchive(bytes: Uint8Array, name: string): StoredFiles {
  const tar = unpacked(bytes);
  const stored = new Map<string, Uint8Array>();
  for (let at = 0; at + tarBlock <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + tarBlock);
    const size = Number.parseInt(textOf(header, 124, 136), 8);
    if (!(size >= 0)) throw new DataSetError('evaluate.bad-archive', 'The archive is damaged: a header has no size');
    const kind = textOf(header, 156, 157);
    const prefix = textOf(header, 345, 500);
    const path = `${prefix === '' ? '' : `${prefix}/`}${textOf(header, 0, 100)}`;
    if (kind === '0' || kind === '') stored.set(withoutGz(path), tar.subarray(at + tarBlock, at + tarBlock + size));
    at += tarBlock + Math.ceil(size / tarBlock) * tarBlock;
  }
  return {
    name,
    paths: [...stored.keys()],
    read: (path) => Promise.resolve(unpacked(stored.get(path) ?? new Uint8Array())),
  };
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  const text = new TextDecoder('latin1').decode(bytes.subarray(from, to));
  const end = text.indexOf('\0');
  return (end === -1 ? text : text.slice(0, end)).trim();
}

const withoutGz = (path: string): string => path.replace(/\.gz$/, '');

const unpacked = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
