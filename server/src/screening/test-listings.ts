import type { MemberCode } from '@bronze-drum/protocol/members';
import { derivedId } from '../kernel/ids.ts';
import type { ListedRow } from '../registry/registry.ts';

export const someDay = Date.UTC(2026, 0, 10);
export const testSeed = new Uint8Array([9, 8, 7, 6, 5, 4, 3, 2]);

/** A listing in force for ten days around some day, by Thailand, unless it is changed. */
export function listed(key: string, change: Partial<ListedRow> = {}): ListedRow {
  const member: MemberCode = change.member ?? 'th';
  return {
    id: derivedId(key, member),
    member,
    revision: 1,
    key,
    tier: 'complaint',
    typologies: ['mule-account'],
    presented: false,
    sinceMs: someDay - 5 * 86_400_000,
    untilMs: someDay + 5 * 86_400_000,
    discreet: false,
    ...change,
  };
}
