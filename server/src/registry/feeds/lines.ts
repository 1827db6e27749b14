import { Buffer } from 'node:buffer';

import { openBlocks } from './blocks.ts';
import type { LineOptions } from './blocks.ts';

export interface Lines {
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => void;
  /** The last line that was dealt with. */
  readonly line: number;
}

const newline = 10;
const none = Buffer.alloc(0);

/** Cuts bytes into lines at LF or CRLF. An unfinished line waits in memory only as long as it is not too long. */
export function openLines(options: LineOptions): Lines {
  const blocks = openBlocks(options);
  let carry = none;
  let dropping = false;

  /** Keeps a copy of an unfinished line. One byte more than allowed may be the CR of a line that just fits. */
  function hold(rest: Buffer): void {
    if (carry.length + rest.length > blocks.bytesMax + 1) {
      blocks.refuseNext();
      carry = none;
      dropping = true;
    } else if (rest.length > 0) {
      carry = Buffer.concat([carry, rest]);
    }
  }

  function readCarryAnd(block: Buffer): void {
    const whole = carry.length > 0 ? Buffer.concat([carry, block]) : block;
    carry = none;
    blocks.read(whole);
  }

  return {
    get line() {
      return blocks.line;
    },
    push(bytes) {
      let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (dropping) {
        const to = rest.indexOf(newline);
        if (to < 0) return;
        dropping = false;
        rest = rest.subarray(to + 1);
      }
      const last = rest.lastIndexOf(newline);
      if (last >= 0) readCarryAnd(rest.subarray(0, last + 1));
      hold(rest.subarray(last + 1));
    },
    end() {
      if (carry.length > 0) readCarryAnd(Buffer.of(newline));
    },
  };
}
