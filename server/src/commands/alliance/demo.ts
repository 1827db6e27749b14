import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { roles, type NewOffice } from '../../access/contract.ts';
import { newSecret } from '../../kernel/ids.ts';
import { CommandError } from '../connection.ts';
import { readMarker } from './marker.ts';
import type { Seat } from './plan.ts';
import { exists, jsonOf, replaceFile } from './private-file.ts';

const DemoOfficer = Type.Object({
  officer: Type.String(),
  roles: Type.Array(Type.String()),
  password: Type.String(),
});
export type DemoOfficer = Static<typeof DemoOfficer>;
const DemoInstitution = Type.Object({ institution: Type.String(), kind: Type.String(), key: Type.String() });
export type DemoInstitution = Static<typeof DemoInstitution>;
const DemoMember = Type.Object({
  url: Type.String(),
  officers: Type.Array(DemoOfficer),
  institutions: Type.Array(DemoInstitution),
});
export type DemoMember = Static<typeof DemoMember>;
const DemoFile = Type.Object({ about: Type.String(), members: Type.Record(Type.String(), DemoMember) });
export type DemoFile = Static<typeof DemoFile>;
const demoFile = Compile(DemoFile);

const about = 'Sign-ins and keys of invented officers and institutions, for demonstrations on this machine alone.';

export const demoPath = (data: string): string => join(data, 'demo.json');

export const cosigner = 'supervisor-1';

/** One officer for each role there is, and a second supervisor for what one alone may not decide. */
const cast: readonly Omit<DemoOfficer, 'password'>[] = roles.flatMap((role) =>
  officersOf(role).map((officer) => ({ officer, roles: [role] })),
);

function officersOf(role: string): string[] {
  if (role === 'administrator') return [role];
  if (role === 'supervisor') return [cosigner, 'supervisor-2'];
  return [role === 'duty-officer' ? 'duty-1' : `${role}-1`];
}

const nationalCentre = 'national-centre';
const officeByRole: Readonly<Record<string, NewOffice>> = {
  'duty-officer': { id: 'demo-hotline', name: 'Demo hotline', kind: 'hotline' },
  analyst: { id: 'demo-fiu', name: 'Demo intelligence unit', kind: 'fiu' },
  auditor: { id: 'demo-audit', name: 'Demo audit office', kind: 'other' },
};
export const demoOffices: readonly NewOffice[] = Object.values(officeByRole);

export const officeOf = ({ roles: held }: DemoOfficer): string => officeByRole[held[0] ?? '']?.id ?? nationalCentre;

export interface Demo {
  /** What a member's server is to have. Its passwords are in the file before they are set anywhere. */
  of(member: string): DemoMember;
  /** Writes an institution's key down. */
  addKey(member: string, institution: DemoInstitution): Promise<void>;
}

/** Reads the file, and adds what is missing in it for the seats. Refuses when data is there whose passwords are lost. */
export async function openDemo(data: string, seats: readonly Seat[]): Promise<Demo> {
  const known = await readDemo(data);
  const { members: made } = await readMarker(data);
  for (const { member } of seats) {
    const isLost = known?.members[member] === undefined && made.includes(member);
    if (isLost && (await exists(join(data, member, 'postgres')))) {
      throw new CommandError(
        `the servers' data is in ${data}, but ${demoPath(data)} with the sign-ins of ${member} is missing. Put it back, or begin anew with --fresh`,
      );
    }
  }
  const file: DemoFile = { about, members: { ...known?.members } };
  for (const seat of seats) file.members[seat.member] = completed(file.members[seat.member], seat);
  // One writer at a time: the servers get ready side by side.
  let written = Promise.resolve();
  const save = (): Promise<void> => {
    written = written.then(() => replaceFile(demoPath(data), `${JSON.stringify(file, null, 2)}\n`));
    return written;
  };
  await save();
  return {
    of: (member) => file.members[member]!,
    addKey(member, institution) {
      file.members[member]!.institutions.push(institution);
      return save();
    },
  };
}

/** The file's content, or undefined when there is none. */
export async function readDemo(data: string): Promise<DemoFile | undefined> {
  const text = await readFile(demoPath(data), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = jsonOf(text);
  if (demoFile.Check(read)) return read;
  throw new CommandError(`${demoPath(data)} is damaged. Put it back, or begin anew with --fresh`);
}

function completed(known: DemoMember | undefined, { address }: Seat): DemoMember {
  const officers = known?.officers ?? [];
  const missing = cast.filter(({ officer }) => !officers.some((each) => each.officer === officer));
  const added = missing.map(({ officer, roles: held }) => ({ officer, roles: held, password: newSecret('demo') }));
  return { url: address, officers: [...officers, ...added], institutions: known?.institutions ?? [] };
}
