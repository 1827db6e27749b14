import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeNewFile } from '../platform/durable-files.ts';

/** What an engine knew once it had seen every record up to a number. */
export interface Snapshot {
  readonly number: number;
  /** And up to which number what other processes told. */
  readonly told: number;
  readonly state: Uint8Array;
}

export interface Snapshots {
  /** Undefined if there is none that can be read. */
  read(): Promise<Snapshot | undefined>;
  /** Takes the place of the one before once it is whole on disk. */
  write(snapshot: Snapshot): Promise<void>;
}

const headBytes = 16;

/** Snapshots of one set of partitions, in a folder of their own. */
export function openSnapshots(folder: string, name: string): Snapshots {
  const path = join(folder, `${name}.snapshot`);
  return {
    async read() {
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes === undefined || bytes.length < headBytes) return undefined;
      const head = new DataView(bytes.buffer, bytes.byteOffset);
      const [number, told] = [head.getFloat64(0, true), head.getFloat64(8, true)];
      if (!Number.isSafeInteger(number) || !Number.isSafeInteger(told)) return undefined;
      return { number, told, state: bytes.subarray(headBytes) };
    },
    async write({ number, told, state }) {
      await mkdir(folder, { recursive: true });
      const head = new Uint8Array(headBytes);
      const view = new DataView(head.buffer);
      view.setFloat64(0, number, true);
      view.setFloat64(8, told, true);
      const partial = `${path}.partial`;
      await rm(partial, { force: true });
      await writeNewFile(partial, [head, state]);
      await rename(partial, path);
      await syncFolder(folder);
    },
  };
}
