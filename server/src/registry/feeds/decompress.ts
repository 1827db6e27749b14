import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { peek } from './peek.ts';

/** The feed broke off, or is damaged, inside its compression: what came before is sound, the line at the break is not. */
export class BrokenGzip extends Error {}

/** Whether bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 0x08;
}

/**
 * Gzip, known by its first bytes, unpacked as it is read; anything else as it is. Whatever its ratio, only some blocks
 * are ever held. Throws BrokenGzip for damage; trouble of the source passes through as it is.
 */
export async function* decompress(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, whole } = await peek(bytes, 3);
  if (!isGzip(head)) {
    yield* whole();
    return;
  }
  const gunzip = createGunzip();
  // Trouble reaches the loop below through `gunzip` itself; pipeline only wants to tell somebody.
  pipeline(Readable.from(whole(), { objectMode: false }), gunzip, () => {});
  const unpacked: AsyncIterable<Uint8Array> = gunzip;
  try {
    yield* unpacked;
  } catch (error) {
    throw isZlibError(error) ? new BrokenGzip('gzip', { cause: error }) : error;
  } finally {
    gunzip.destroy();
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}
