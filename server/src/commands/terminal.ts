/** Where a command writes: standard output, and the terminal's line of progress. */
export interface Screen {
  line(text: string): void;
  progress(text: string): void;
}

/** Results on standard output; on a terminal, progress on standard error in one line that the next text replaces. */
export function terminal(): Screen {
  const isTerminal = process.stderr.isTTY;
  const clear = isTerminal ? '\r\u001b[2K' : '';
  return {
    line(text) {
      if (isTerminal) process.stderr.write(clear);
      process.stdout.write(`${text}\n`);
    },
    progress(text) {
      if (isTerminal) process.stderr.write(`${clear}${text}`);
    },
  };
}

export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** A text that others may have made, for a terminal: without what it would obey. */
export function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '·').slice(0, 80);
}
