import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newId } from '../kernel/ids.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import { syncFolder } from './durable-files.ts';

/** A file by what is in it. */
export interface Blob {
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Content that is on disk and not yet among the blobs. */
export interface StagedBlob extends Blob {
  /** Makes it a blob, durably: there under its digest once this returns. The same content again changes nothing. */
  keep(): Promise<void>;
  /** Forgets it. Nothing happens if it was kept. */
  discard(): Promise<void>;
}

/** Files that never change, each known by the SHA-256 of its content. */
export interface Blobs {
  /**
   * Takes content as it comes, hashing it on the way; durable once this resolves. Refuses `too-large.blob` as soon as there
   * is more than `bytesMax`; a failure of the content itself is thrown as it is. An Outage if the disk is full.
   */
  stage(content: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StagedBlob>;
  /** Whether it is there, with so many bytes. */
  has(blob: Blob): Promise<boolean>;
  /** Its content. The last piece comes only if all of them are what the digest says; otherwise this throws. */
  read(blob: Blob): AsyncGenerator<Uint8Array>;
  /** Durably gone once this returns; nothing happens if it was not there. */
  remove(sha256: string): Promise<void>;
  /** The digests of all blobs, some at a time, in no order. */
  stored(): AsyncGenerator<string[]>;
}

const readBytes = 256 * 1024;

/**
 * Blobs in a folder: `ab/cdef…` by the digest, and `incoming/` for what is on its way, which is emptied here. One process
 * at a time may have the folder open. Readable by its owner alone.
 */
export async function openBlobs(folder: string): Promise<Blobs> {
  const incoming = join(folder, 'incoming');
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await syncFolder(folder);
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256.slice(2));
  return {
    async stage(content, bytesMax) {
      const path = join(incoming, newId());
      const file = await asOutage(open(path, 'wx', 0o600));
      let blob: Blob;
      try {
        try {
          blob = await write(file, content, bytesMax);
        } finally {
          await file.close();
        }
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      return {
        ...blob,
        keep: () => asOutage(publish(path, pathOf(blob.sha256))),
        discard: () => rm(path, { force: true }),
      };
    },
    async has({ sha256, bytes }) {
      const found = await stat(pathOf(sha256)).catch(() => undefined);
      return found?.isFile() === true && found.size === bytes;
    },
    read: (blob) => readChecked(pathOf(blob.sha256), blob),
    async remove(sha256) {
      const path = pathOf(sha256);
      await rm(path, { force: true });
      await syncFolder(dirname(path)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      });
    },
    async *stored() {
      for (const shelf of (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
        const names = await readdir(join(folder, shelf));
        yield names.filter((name) => /^[0-9a-f]{62}$/.test(name)).map((name) => shelf + name);
      }
    },
  };
}

async function write(file: FileHandle, content: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Blob> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > bytesMax) refuse('too-large.blob', { bytesMax });
    hash.update(chunk);
    await asOutage(file.writeFile(chunk));
  }
  await asOutage(file.sync());
  return { sha256: hash.digest('hex'), bytes };
}

/** The name is durable before anybody is told that it is: its folder, and the folder's own name. */
async function publish(from: string, to: string): Promise<void> {
  const shelf = dirname(to);
  if ((await mkdir(shelf, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dirname(shelf));
  await rename(from, to);
  await syncFolder(shelf);
}

async function* readChecked(path: string, { sha256, bytes }: Blob): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
    if (held !== undefined) yield held;
    held = chunk as Uint8Array;
    hash.update(held);
    read += held.length;
    if (read > bytes) break;
  }
  // Whoever reads counts: without its last piece, what was damaged is recognised as such at the other end.
  if (read !== bytes || hash.digest('hex') !== sha256) throw new Error(`the blob ${sha256} is damaged`);
  if (held !== undefined) yield held;
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EMFILE', 'ENFILE']);

async function asOutage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!fullCodes.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new Outage('nothing more can be written to the disk', 30, { cause: error });
  }
}
