import { rename, rm, stat } from 'node:fs/promises';
import { writeNewFile } from '../../platform/durable-files.ts';

/** Gives a file that only its owner reads another content, whole or not at all. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await rm(`${path}.new`, { force: true });
  await writeNewFile(`${path}.new`, [text]);
  await rename(`${path}.new`, path);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
