import { Buffer } from 'node:buffer';

export interface Peeked {
  /** At least as many bytes as were asked for, unless the stream has fewer. */
  readonly head: Uint8Array;
  /** The stream from its beginning, once. */
  readonly whole: () => AsyncGenerator<Uint8Array, void, undefined>;
  /** For whoever will not read on. */
  readonly close: () => Promise<void>;
}

/** Looks at the beginning of a stream without losing it. */
export async function peek(bytes: AsyncIterable<Uint8Array>, lengthMin: number): Promise<Peeked> {
  const iterator = bytes[Symbol.asyncIterator]();
  // Without `return`, so that leaving a loop over it leaves the stream open.
  const unclosed = { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
  const held: Uint8Array[] = [];
  let length = 0;
  let closed = false;

  async function close(): Promise<void> {
    if (!closed) await iterator.return?.();
    closed = true;
  }

  for await (const block of unclosed) {
    held.push(block);
    length += block.length;
    if (length >= lengthMin) break;
  }
  const [first] = held;
  const head = held.length === 1 && first !== undefined ? first : Buffer.concat(held);
  return {
    head,
    close,
    async *whole() {
      try {
        yield head;
        yield* unclosed;
      } finally {
        await close();
      }
    },
  };
}
