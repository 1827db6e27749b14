import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networksText } from '@bronze-drum/simulator/world/networks';

export const networksPath = (data: string): string => join(data, 'networks.csv');

/** Writes down which addresses of the simulated world are of which network, for the servers to read; where that is. */
export async function writeNetworks(data: string): Promise<string> {
  const path = networksPath(data);
  await writeFile(path, networksText());
  return path;
}
