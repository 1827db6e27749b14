import type { Clock } from '../kernel/clock.ts';
import { enrol, found, signIn, type Founder, type Staff } from './founding.ts';
import { openTestHouse, type TestHouse } from './test-house.ts';

/** A member's server with officers who can sign in. */
export interface TestMember extends TestHouse {
  /** The headers of a fresh session that was proven again. */
  as(officer: Staff): Promise<Record<string, string>>;
  /** Throws unless the call succeeds. */
  must(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any>;
}

export interface TestAlliance {
  readonly members: ReadonlyMap<string, TestMember>;
  of(code: string): TestMember;
  /** Opens a member's server again after it was closed with `keep`; on another database if one is given. */
  reopen(code: string, databaseUrl?: string): Promise<TestMember>;
  close(): Promise<void>;
}

function memberOf(house: TestHouse): TestMember {
  const must: TestMember['must'] = async (method, path, body, headers) => {
    const answer = await house.call(method, path, body, headers);
    if (answer.status < 300) return answer.body;
    throw new Error(`${house.member} ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const founder: Founder = { member: house.member, call: must };
  return { ...house, must, as: (officer) => signIn(founder, officer) };
}

/** Several members' servers in this process, which have founded an alliance and hear each other. */
export async function openTestAlliance(
  codes: readonly string[],
  clock?: Clock,
  staff: readonly Staff[] = ['supervisor'],
): Promise<TestAlliance> {
  const members = new Map<string, TestMember>();
  await Promise.all(
    codes.map(async (code) => {
      const member = memberOf(await openTestHouse(clock, { member: code }));
      await enrol({ member: code, call: member.must }, staff);
      members.set(code, member);
    }),
  );
  await found(codes.map((code) => ({ member: code, call: members.get(code)!.must })));
  return {
    members,
    of: (code) => members.get(code)!,
    async reopen(code, databaseUrl) {
      const before = members.get(code)!;
      const { folder, address } = before;
      const place = { folder, databaseUrl: databaseUrl ?? before.databaseUrl, port: Number(new URL(address).port) };
      const member = memberOf(await openTestHouse(clock, { member: code, ...place }));
      members.set(code, member);
      return member;
    },
    async close() {
      await Promise.all([...members.values()].map((member) => member.close()));
    },
  };
}
