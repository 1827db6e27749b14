import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foundingMembers, MemberCode } from '@bronze-drum/protocol/members';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { CommandError } from '../connection.ts';
import { exists, jsonOf, replaceFile } from './private-file.ts';

/** What an alliance made in a data folder: it deletes nothing else. */
const Marker = Type.Object({
  about: Type.String(),
  members: Type.Array(MemberCode, { description: 'Whose folders an alliance made', maxItems: foundingMembers.length }),
  founded: Type.Boolean({ description: 'The founding was begun: there is to be no second one' }),
});
export type Marker = Static<typeof Marker>;
const marker = Compile(Marker);

const about = 'Written by drum alliance. The folders of these members are what `drum alliance --fresh` deletes.';
export const markerPath = (data: string): string => join(data, 'alliance.json');

export async function readMarker(data: string): Promise<Marker> {
  const text = await readFile(markerPath(data), 'utf8').catch(() => undefined);
  if (text === undefined) return { about, members: [], founded: false };
  const read = jsonOf(text);
  if (marker.Check(read) && read.members.every((member) => foundingMembers.includes(member))) return read;
  throw new CommandError(`${markerPath(data)} is damaged. Put it back, or choose another folder with --data`);
}

export async function writeMarker(data: string, change: Partial<Omit<Marker, 'about'>>): Promise<void> {
  const next = { ...(await readMarker(data)), ...change };
  await replaceFile(markerPath(data), `${JSON.stringify(next, null, 2)}\n`);
}

/** Writes members down as an alliance's own. Refuses those whose folder somebody else made. */
export async function claim(data: string, members: readonly string[]): Promise<void> {
  const own = (await readMarker(data)).members;
  const added = members.filter((member) => !own.includes(member));
  for (const member of added) {
    if (!(await exists(join(data, member)))) continue;
    throw new CommandError(
      `${join(data, member)} was not made by an alliance, and is left alone. Choose another folder with --data, or move it away`,
    );
  }
  if (added.length > 0) await writeMarker(data, { members: [...own, ...added].sort() });
}
