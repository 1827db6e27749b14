const newline = 10;

/** The longest line that is kept in memory. */
const lineBytesMax = 16 * 1024 * 1024;

/**
 * Cuts bytes into lines at LF. A last line without its LF, or one that is too long, is null and the end: it cannot be
 * told from one that was cut.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | null> {
  let carry: Buffer[] = [];
  let carried = 0;
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline)) {
      const piece = rest.subarray(0, end);
      yield carried === 0 ? piece : Buffer.concat([...carry, piece]);
      carry = [];
      carried = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) carry.push(rest);
    carried += rest.length;
    if (carried > lineBytesMax) break;
  }
  if (carried > 0) yield null;
}
