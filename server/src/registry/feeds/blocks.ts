import { Buffer, isAscii, isUtf8 } from 'node:buffer';

import type { FeedRefusal } from './entry.ts';
import { lineBytesMax } from './entry.ts';

export interface LineOptions {
  /** A line longer than this, its line end not counted, is refused. */
  readonly bytesMax?: number;
  /** Sound lines only, without their line end. The text may share memory with its block. */
  readonly onLine: (text: string, line: number) => void;
  readonly onRefusal: (refusal: FeedRefusal) => void;
}

export interface Blocks {
  readonly bytesMax: number;
  readonly line: number;
  /** Bytes that end with a line end. */
  readonly read: (block: Buffer) => void;
  /** Counts a line that was too long to be held. */
  readonly refuseNext: () => void;
}

const newline = 10;
const carriageReturn = 13;

/**
 * Reads whole lines. A block is checked and decoded at once, a few native calls for some thousand lines; only a block
 * with broken UTF-8 in it is looked at line by line.
 */
export function openBlocks({ bytesMax = lineBytesMax, onLine, onRefusal }: LineOptions): Blocks {
  let line = 0;

  function refuseNext(): void {
    line++;
    tooLong();
  }

  function tooLong(): void {
    onRefusal({ line, refused: 'feed.line-too-long', params: { max: bytesMax } });
  }

  function give(text: string, mayHoldNul: boolean): void {
    // A UTF-16 unit takes at most three bytes, so most lines are proved short without encoding them again.
    if (text.length > bytesMax || (text.length * 3 > bytesMax && Buffer.byteLength(text) > bytesMax)) tooLong();
    else if (mayHoldNul && text.includes('\0')) onRefusal({ line, refused: 'feed.nul' });
    else onLine(text, line);
  }

  function readText(text: string, mayHoldNul: boolean): void {
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      line++;
      const end = to > from && text.charCodeAt(to - 1) === carriageReturn ? to - 1 : to;
      give(text.slice(from, end), mayHoldNul);
      from = to + 1;
    }
  }

  function readDamaged(block: Buffer): void {
    let from = 0;
    for (let to = block.indexOf(newline); to >= 0; to = block.indexOf(newline, from)) {
      line++;
      const end = to > from && block[to - 1] === carriageReturn ? to - 1 : to;
      const bytes = block.subarray(from, end);
      if (bytes.length > bytesMax) tooLong();
      else if (!isUtf8(bytes)) onRefusal({ line, refused: 'feed.bad-utf8' });
      else give(bytes.toString('utf8'), true);
      from = to + 1;
    }
  }

  return {
    bytesMax,
    get line() {
      return line;
    },
    refuseNext,
    read(block) {
      if (isAscii(block)) readText(block.toString('latin1'), block.includes(0));
      else if (isUtf8(block)) readText(block.toString('utf8'), block.includes(0));
      else readDamaged(block);
    },
  };
}
