import { expect } from 'vitest';

/** A file that breaks a rule of the house. */
export interface Breach {
  readonly path: string;
  readonly line?: number;
  readonly what: string;
}

/** Fails with one line for each breach, or when the rule looked at fewer files than it must have found. */
export function expectKept(
  rule: string,
  looked: { readonly count: number; readonly atLeast: number },
  breaches: readonly Breach[],
): void {
  expect(looked.count, `${rule}: a rule that looks at nothing always holds`).toBeGreaterThanOrEqual(looked.atLeast);
  const lines = breaches.map(({ path, line, what }) => `${line === undefined ? path : `${path}:${line}`}  ${what}`);
  if (lines.length > 0) expect.fail(`${rule}\n  ${lines.join('\n  ')}`);
}
