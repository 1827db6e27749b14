/** Tape archives as POSIX.1-1988 (ustar) writes them: plain files, each behind a header of 512 bytes, filled up to 512. */
const block = 512;
export const endOfTar: Uint8Array = new Uint8Array(2 * block);

/** The header of a file: of its name and length alone, so that a reader can say what it must be to the byte. */
export function tarHeader(name: string, bytes: number): Uint8Array {
  const header = Buffer.alloc(block);
  header.write(name, 0, 100, 'ascii');
  header.write('0000600\0', 100, 'ascii');
  header.write('0000000\0', 108, 'ascii');
  header.write('0000000\0', 116, 'ascii');
  header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124, 'ascii');
  header.write('00000000000\0', 136, 'ascii');
  header.write('        ', 148, 'ascii');
  header.write('0', 156, 'ascii');
  header.write('ustar\0', 257, 'ascii');
  header.write('00', 263, 'ascii');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return header;
}

/** What fills a file up to whole blocks. */
export const tarPadding = (bytes: number): Uint8Array => new Uint8Array((block - (bytes % block)) % block);

/** How long an archive of files with these lengths is. */
export const tarBytes = (lengths: readonly number[]): number =>
  lengths.reduce((total, bytes) => total + block + bytes + tarPadding(bytes).length, endOfTar.length);

/** The length that a header gives for its file, or undefined if the header is not the one of that name and length. */
export function lengthInHeader(header: Uint8Array, name: string): number | undefined {
  const text = Buffer.from(header.subarray(124, 135)).toString('latin1');
  if (!/^[0-7]{11}$/.test(text)) return undefined;
  const bytes = Number.parseInt(text, 8);
  return Buffer.compare(header, tarHeader(name, bytes)) === 0 ? bytes : undefined;
}

/** Bytes that come in pieces, to be taken in portions. */
export function openPortions(source: AsyncIterable<Uint8Array>) {
  const pieces = source[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  /** Up to so many bytes, as they are at hand; undefined at the end. */
  async function some(bytesMax: number): Promise<Uint8Array | undefined> {
    while (rest.length === 0) {
      const { done, value } = await pieces.next();
      if (done === true) return undefined;
      rest = value;
    }
    const portion = rest.subarray(0, bytesMax);
    rest = rest.subarray(portion.length);
    return portion;
  }
  return {
    header: (): Promise<Uint8Array | undefined> => exactly(block),
    exactly,
    /** So many bytes in portions; fewer if it ends before. */
    async *portions(bytes: number): AsyncGenerator<Uint8Array> {
      for (let left = bytes; left > 0;) {
        const portion = await some(left);
        if (portion === undefined) return;
        left -= portion.length;
        yield portion;
      }
    },
    isAtEnd: async (): Promise<boolean> => (await some(1)) === undefined,
    close: async (): Promise<void> => void (await pieces.return?.()),
  };

  /** So many bytes, or undefined if it ends before. */
  async function exactly(bytes: number): Promise<Buffer | undefined> {
    const taken: Uint8Array[] = [];
    for (let left = bytes; left > 0;) {
      const portion = await some(left);
      if (portion === undefined) return undefined;
      taken.push(portion);
      left -= portion.length;
    }
    return Buffer.concat(taken);
  }
}
