import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname;
const sources = ['web/src', 'web/public', 'web/index.html', 'web/vite.config.ts', 'web/boundaries.ts', 'protocol'];

/** The desk as its users get it: built anew if a source is newer than the build. */
export default function setup(): void {
  const builtMs = newestMs(join(root, 'web/dist/index.html'));
  if (sources.every((source) => newestMs(join(root, source)) < builtMs)) return;
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', join(root, 'web')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // The runner says that this is a test, and React would be built for developers.
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

/** When the file, or any below the folder, was written last; 0 if it is not there. */
function newestMs(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}
