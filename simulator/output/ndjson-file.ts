import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface WrittenFile {
  readonly name: string;
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file of lines that is written in large pieces; its hash is of the bytes on disk. */
export interface NdjsonFile {
  /** Without a line break. True when enough has gathered that `flush` should be awaited. */
  add(line: string): boolean;
  flush(): Promise<void>;
  close(): Promise<WrittenFile>;
}

const pieceLength = 1024 * 1024;

export async function openNdjson(folder: string, stem: string, gzip: boolean): Promise<NdjsonFile> {
  const name = gzip ? `${stem}.ndjson.gz` : `${stem}.ndjson`;
  const file = await open(join(folder, name), 'w');
  const hash = createHash('sha256');
  let text = '';
  let lines = 0;
  let bytes = 0;

  async function flush(): Promise<void> {
    if (text === '') return;
    const plain = Buffer.from(text, 'utf8');
    text = '';
    // Each piece is a gzip member of its own: a gzip file is any number of them (RFC 1952 §2.2).
    const piece = gzip ? gzipSync(plain, { level: 6 }) : plain;
    hash.update(piece);
    bytes += piece.length;
    await file.writeFile(piece);
  }

  return {
    add(line) {
      text += line;
      text += '\n';
      lines++;
      return text.length >= pieceLength;
    },
    flush,
    async close() {
      await flush();
      await file.close();
      return { name, lines, bytes, sha256: hash.digest('hex') };
    },
  };
}
