import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMemberCode } from '@bronze-drum/protocol/members';
import type { Clock } from '../kernel/clock.ts';
import { admit, enrol, found, signIn, type Founder, type Staff } from './founding.ts';
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
  /** Opens the server of somebody new, with the rules of Thailand; nobody knows it yet. */
  open(code: string): Promise<TestMember>;
  /** Has every member admit somebody new. */
  admit(code: string): Promise<void>;
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
  /** Acts that wait for a second person, beside those of each member's policy. */
  seconded: readonly string[] = [],
): Promise<TestAlliance> {
  const members = new Map<string, TestMember>();
  const policies = new Map<string, string>();
  const founderOf = (code: string): Founder => ({ member: code, call: members.get(code)!.must });
  await Promise.all(
    codes.map(async (code) => {
      if (seconded.length > 0) policies.set(code, await policyOf(code, code, seconded));
      const policyFile = policies.get(code);
      const member = memberOf(
        await openTestHouse(clock, { member: code, ...(policyFile !== undefined && { policyFile }) }),
      );
      await enrol({ member: code, call: member.must }, staff);
      members.set(code, member);
    }),
  );
  await found(codes.map(founderOf));
  return {
    members,
    of: (code) => members.get(code)!,
    async reopen(code, databaseUrl) {
      const before = members.get(code)!;
      const { folder, address } = before;
      const place = { folder, databaseUrl: databaseUrl ?? before.databaseUrl, port: Number(new URL(address).port) };
      const policyFile = policies.get(code);
      const options = { member: code, ...place, ...(policyFile !== undefined && { policyFile }) };
      const member = memberOf(await openTestHouse(clock, options));
      members.set(code, member);
      return member;
    },
    async open(code) {
      const policyFile = await policyOf('th', code);
      policies.set(code, policyFile);
      const member = memberOf(await openTestHouse(clock, { member: code, policyFile }));
      await enrol({ member: code, call: member.must }, staff);
      members.set(code, member);
      return member;
    },
    async admit(code) {
      const { parties } = await members.get(codes[0]!)!.must('GET', '/v1/directory');
      const signers = parties.map(({ party }: { party: string }) => party).filter(isMemberCode);
      await admit(founderOf(code), signers.map(founderOf));
    },
    async close() {
      await Promise.all([...members.values()].map((member) => member.close()));
      for (const file of policies.values()) await rm(join(file, '..'), { recursive: true, force: true });
    },
  };
}

/** The rules of a member under another name, or with more acts that wait for a second person, as a file. */
async function policyOf(member: string, name: string, seconded: readonly string[] = []): Promise<string> {
  const text = await readFile(new URL(`../../../policies/${member}.json`, import.meta.url), 'utf8');
  const policy = JSON.parse(text) as { readonly rules: { readonly secondPerson: { readonly acts: string[] } }[] };
  for (const { secondPerson } of policy.rules) secondPerson.acts.push(...seconded);
  const file = join(await mkdtemp(join(tmpdir(), 'drum-policy-')), `${name}.json`);
  await writeFile(file, JSON.stringify({ ...policy, member: name }));
  return file;
}
