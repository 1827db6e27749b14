import { readFile } from 'node:fs/promises';

/** Where a member's server is, and with which keys its institutions speak to it. */
export interface LiveServer {
  readonly member: string;
  readonly url: string;
  readonly institutions: readonly { readonly institution: string; readonly key: string }[];
}

/** What is wrong with the file, said without showing any key. */
export class UnreadableServers extends Error {}

/** Reads an alliance's demo.json; what else is in it is not looked at. */
export async function readServers(file: string, members: readonly string[]): Promise<LiveServer[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new UnreadableServers(`${file} cannot be read`);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new UnreadableServers(`${file} is not JSON`);
  }
  const known = isObject(read) ? read['members'] : undefined;
  if (!isObject(known)) throw new UnreadableServers(`${file} names no members`);
  const servers = members.flatMap((member) => {
    const server = known[member];
    return isObject(server) ? [serverOf(file, member, server)] : [];
  });
  if (servers.every(({ institutions }) => institutions.length === 0))
    throw new UnreadableServers(`${file} has no institution of ${members.join(', ')}`);
  return servers;
}

function serverOf(file: string, member: string, server: Record<string, unknown>): LiveServer {
  const { url, institutions } = server;
  if (typeof url !== 'string' || !Array.isArray(institutions))
    throw new UnreadableServers(`${file}: ${member} is damaged`);
  return {
    member,
    url,
    institutions: institutions.filter(isObject).flatMap(({ institution, key }) => {
      return typeof institution === 'string' && typeof key === 'string' ? [{ institution, key }] : [];
    }),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
