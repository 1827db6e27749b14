import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtDesk } from '../../platform/desk-files.ts';

/** What of each script a machine may have no letters for, and where it stands in Unicode. */
const scripts = {
  khmer: { family: 'Noto Sans Khmer', range: 'U+1780-17FF, U+19E0-19FF, U+200C-200D, U+25CC' },
  lao: { family: 'Noto Sans Lao', range: 'U+0E81-0EDF, U+200C-200D, U+25CC' },
  myanmar: { family: 'Noto Sans Myanmar', range: 'U+1000-109F, U+A9E0-A9FE, U+AA60-AA7F, U+200C-200D, U+25CC' },
  thai: { family: 'Noto Sans Thai', range: 'U+0E01-0E5B, U+200C-200D, U+25CC' },
} as const;
const weights = [400, 600] as const;

/** The rules that fetch them, where the machine’s own fonts lack them. */
export const fontFaces = Object.entries(scripts)
  .flatMap(([script, { family, range }]) =>
    weights.map(
      (weight) =>
        `@font-face { font-family: "${family}"; font-weight: ${weight}; font-display: swap; src: url(/fonts/${script}-${weight}.woff2) format("woff2"); unicode-range: ${range} }`,
    ),
  )
  .join('\n');

/** The font at an address of the hub, from those that are built with the desk; undefined if there is none. */
export async function readFont(path: string): Promise<Buffer | undefined> {
  const [, script, weight] = /^\/fonts\/([a-z]+)-(\d{3})\.woff2$/.exec(path) ?? [];
  if (script === undefined || !(script in scripts)) return undefined;
  const assets = join(builtDesk, 'assets');
  const names = await readdir(assets).catch((): string[] => []);
  const name = names.find(
    (one) => one.startsWith(`noto-sans-${script}-${script}-${weight}-normal-`) && one.endsWith('.woff2'),
  );
  return name === undefined ? undefined : readFile(join(assets, name));
}
