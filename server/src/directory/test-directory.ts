import type { Access, Permission } from '../access/access.ts';
import type { OfficerActor } from '../kernel/actor.ts';
import { testClock, type TestClock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import { openClocks, type Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import type { Signer } from '../platform/signer.ts';
import { openTestDb } from '../platform/test-database.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openDirectory, type Directory } from './directory.ts';

/** One server's directory over a database of its own. */
export interface TestDirectory {
  readonly code: string;
  readonly db: Db;
  readonly clock: TestClock;
  readonly clocks: Clocks;
  readonly signer: Signer;
  readonly directory: Directory;
  /** The same database and keys, opened anew. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** An officer with some permissions, who has just typed their password unless said otherwise. */
export function testOfficer(
  permissions: readonly Permission[] = ['directory.read', 'directory.propose', 'directory.cosign', 'directory.pause'],
  steppedUpAtMs: number | null = 0,
): OfficerActor {
  return {
    kind: 'officer',
    officer: 'somchai',
    office: 'national-centre',
    roles: [],
    permissions: new Set(permissions),
    steppedUpAtMs,
    purpose: 'operation',
  };
}

/** What the room asks of access: permissions as they are, and a step-up that does not lapse. */
function testAccess(): Access {
  const access: Pick<Access, 'requireOfficer' | 'requireStepUp'> = {
    requireOfficer: (actor, permission) =>
      actor.kind === 'officer' && actor.permissions.has(permission)
        ? actor
        : refuse('forbidden.permission', { permission }),
    requireStepUp: (actor) => {
      if (actor.kind !== 'officer' || actor.steppedUpAtMs === null) refuse('forbidden.step-up');
    },
  };
  return access as Access;
}

/** Over a database that another test is done with, if one is given: to make one takes a tenth of a second. */
export async function openTestDirectory(
  code: string,
  given: { clock?: TestClock; access?: Access; db?: Db } = {},
): Promise<TestDirectory> {
  const { clock = testClock(Date.UTC(2026, 0, 1)), access = testAccess(), db = await openTestDb() } = given;
  const signer = openTestSigner();
  const onError = (error: unknown): never => {
    throw error;
  };
  const open = async (): Promise<Pick<TestDirectory, 'directory' | 'clocks'>> => {
    const clocks = await openClocks({ db, clock, onError });
    const address = (): string => `http://${code}.example:8461`;
    const directory = await openDirectory({ db, clock, clocks, signer, access, member: code, address, onError });
    return { clocks, directory };
  };
  const opened: TestDirectory = {
    code,
    db,
    clock,
    signer,
    ...(await open()),
    async reopen() {
      await opened.directory.close();
      Object.assign(opened, await open());
    },
    async close() {
      await opened.directory.close();
      await opened.clocks.close();
      if (given.db === undefined) await db.close();
    },
  };
  return opened;
}

/** Leaves nothing of the room in a database; before it is closed. */
export async function clearTestDirectory({ db, clocks }: TestDirectory): Promise<void> {
  const kind = 'directory.activate-key';
  const set = await clocks.upcoming(db, kind, 100);
  await db.tx(async (tx) => {
    for (const { subject } of set) await clocks.cancel(tx, kind, subject);
  });
  for (const table of ['anchor', 'signatures', 'records', 'pauses', 'isolation', 'acts'])
    await db.query(`DELETE FROM directory.${table}`);
}

/** The ceremony: one proposes, all cosign, and everything goes round as files. */
export async function found(servers: readonly TestDirectory[], officer: OfficerActor = testOfficer()): Promise<string> {
  const [first] = servers;
  const parties = await Promise.all(servers.map(({ directory }) => directory.card(officer)));
  const { id } = await first!.directory.propose(officer, { kind: 'founding', parties });
  for (const { directory } of servers) {
    await directory.importCharter(officer, await first!.directory.charter(officer));
    if (directory.party(directory.self)?.role !== undefined) continue;
    await directory.cosign(officer, id).catch((error: Error) => {
      if (error.message !== 'forbidden.directory-not-asked') throw error;
    });
    await first!.directory.importCharter(officer, await directory.charter(officer));
  }
  for (const { directory } of servers) await directory.importCharter(officer, await first!.directory.charter(officer));
  return id;
}

/** Neighbours exchange what they have until nobody learns anything. */
export async function gossip(servers: readonly TestDirectory[]): Promise<void> {
  for (let isMore = true; isMore;) {
    isMore = false;
    for (const from of servers) {
      for (const to of servers) {
        if (from !== to && (await to.directory.merge(await from.directory.records()))) isMore = true;
      }
    }
  }
}
