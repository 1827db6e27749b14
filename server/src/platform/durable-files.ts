import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createGunzip, createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';

export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array | string>;

/** Writes a new file, readable by its owner alone, and returns once it is on disk. Refuses to write over another. */
export async function writeNewFile(
  path: string,
  content: Chunks,
  options: { gzip?: boolean } = {},
): Promise<WrittenFile> {
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  const sink = async (chunks: AsyncIterable<Uint8Array | string>): Promise<void> => {
    for await (const chunk of chunks) {
      const buffer = Buffer.from(chunk);
      hash.update(buffer);
      bytes += buffer.length;
      await file.writeFile(buffer);
    }
  };
  try {
    // Level 3: a backup is bound by compression, and beyond it a tenth of the size costs half of the speed.
    await (options.gzip === true ? pipeline(content, createGzip({ level: 3 }), sink) : pipeline(content, sink));
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A gzip file's content as it was written. Throws when it is damaged. */
export async function* readGzip(path: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const done = pipeline(createReadStream(path), gunzip);
  done.catch(() => undefined);
  for await (const chunk of gunzip) yield chunk as Uint8Array;
  await done;
}

/** The SHA-256 of a file in hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Gives a finished folder its name, durably: from now on it is there whole. An empty folder may stand in its place. */
export async function publishFolder(partial: string, path: string): Promise<void> {
  await syncFolder(partial);
  if ((await readdir(path).catch(() => undefined))?.length === 0) await rmdir(path);
  await rename(partial, path);
  await syncFolder(dirname(path));
}
