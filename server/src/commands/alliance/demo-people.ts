import type { IssuedCode, IssuedKey, NewInstitution, Officer, OpenedSession } from '../../access/contract.ts';
import { simulatedInstitutions } from '@bronze-drum/simulator/world/institutions';
import { CommandError, connect, type Connection } from '../connection.ts';
import { demoOffices, officeOf, type Demo, type DemoOfficer } from './demo.ts';
import type { Seat } from './plan.ts';

/**
 * Makes the demo officers and institutions at a member's server, as its administrator would: by its API, with the key of
 * the machine. What is there already stays; what an interrupted start left half done is finished.
 */
export async function settle(data: string, seat: Seat, demo: Demo): Promise<void> {
  const connection = await connect({ data, member: seat.member });
  await settleOfficers(connection, demo.of(seat.member).officers);
  for (const institution of institutionsOf(seat)) {
    if (demo.of(seat.member).institutions.some((known) => known.institution === institution.id)) continue;
    await orExists(connection.call('POST', '/v1/institutions', institution));
    const { key } = await connection.call<IssuedKey>('POST', `/v1/institutions/${institution.id}/keys`, {});
    await demo.addKey(seat.member, { institution: institution.id, kind: institution.kind, key });
  }
}

const quota = { perSecond: 1000, burst: 20_000 };

/** Two to try things out with, and those of the simulated world. */
function institutionsOf({ member, name }: Seat): NewInstitution[] {
  return [
    { id: 'demo-bank', name: `Demo bank of ${name}`, kind: 'bank', quota },
    { id: 'demo-telecom', name: `Demo telecom operator of ${name}`, kind: 'operator', quota },
    ...simulatedInstitutions(member).map((institution) => ({
      ...institution,
      serves: [...institution.serves],
      quota,
    })),
  ];
}

async function settleOfficers(connection: Connection, cast: readonly DemoOfficer[]): Promise<void> {
  const { officers } = await connection.call<{ officers: Officer[] }>('GET', '/v1/officers?limit=200');
  const known = new Map(officers.map((officer) => [officer.id, officer]));
  const absent = cast.filter(({ officer }) => known.get(officer)?.canSignIn !== true);
  if (absent.length === 0) return;
  for (const office of demoOffices) await orExists(connection.call('POST', '/v1/offices', office));
  for (const member of absent) {
    const before = known.get(member.officer);
    const { code } = await (before === undefined ? add(connection, member) : takeOver(connection, member, before));
    const { password } = member;
    const { token } = await connection.call<OpenedSession>('POST', '/v1/sessions/one-time', { code, password });
    await signOut(await withKey(connection.address, token));
  }
}

function add(connection: Connection, member: DemoOfficer): Promise<IssuedCode> {
  const { officer, roles } = member;
  const name = `Demo ${officer}`;
  return connection.call('POST', '/v1/officers', { id: officer, office: officeOf(member), name, roles });
}

/** The first administrator comes with every role; here others have them, so that two persons are two. */
async function takeOver(connection: Connection, { officer, roles }: DemoOfficer, before: Officer): Promise<IssuedCode> {
  const isSame = before.roles.length === roles.length && roles.every((role) => before.roles.includes(role));
  if (!isSame) await connection.call('PATCH', `/v1/officers/${officer}`, { roles });
  return connection.call('POST', `/v1/officers/${officer}/reset`);
}

async function orExists(made: Promise<unknown>): Promise<void> {
  await made.catch((error: unknown) => {
    if (!(error instanceof CommandError && error.code === 'conflict.exists')) throw error;
  });
}

/** A connection in an officer's own session, which begins stepped up; to be ended by `signOut`. */
export async function signIn(address: string, { officer, password }: DemoOfficer): Promise<Connection> {
  const stranger = await withKey(address, 'none');
  const { token } = await stranger.call<OpenedSession>('POST', '/v1/sessions', { officer, password });
  return withKey(address, token);
}

export async function signOut(session: Connection): Promise<void> {
  await session.call('DELETE', '/v1/session');
}

const withKey = (address: string, key: string): Promise<Connection> => connect({ server: address, key, data: '' });
