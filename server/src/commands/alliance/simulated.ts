import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { networksText } from '@bronze-drum/simulator/world/networks';

export const networksPath = (data: string): string => join(data, 'networks.csv');

/** Learnt from the simulated world: simulator/README.md says how. */
const scoreModel = fileURLToPath(new URL('../../../../simulator/generated/score-model.json', import.meta.url));

/** What servers are told of the simulated world: which addresses are of which network, and what scores its payments. */
export async function ofSimulatedWorld(data: string): Promise<Record<string, string>> {
  const networks = networksPath(data);
  await writeFile(networks, networksText());
  return { DRUM_NETWORKS: networks, DRUM_SCORE_MODEL: scoreModel };
}
