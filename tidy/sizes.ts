import type { Breach } from './breach.ts';
import { isCode, isTest, type SourceFile } from './source.ts';

export const linesMax = 400;
export const testLinesMax = 600;

/** Whether the limit on lines holds for a file: what people write and read, not data and not what a program wrote. */
export function isMeasured(path: string): boolean {
  return (isCode(path) || /\.(?:sql|css)$/.test(path)) && !/(?:^|\/)(?:vectors|generated)\//.test(path);
}

/** The limit on a function's lines is oxlint's max-lines-per-function. */
export function sizeBreaches({ path, text }: SourceFile): Breach[] {
  if (!isMeasured(path)) return [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const limit = isTest(path) ? testLinesMax : linesMax;
  return lines > limit ? [{ path, what: `${lines} lines, ${limit} at the most: split it by concept` }] : [];
}
