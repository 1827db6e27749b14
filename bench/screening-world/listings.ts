import { foundingMembers } from '@bronze-drum/protocol/members';
import { tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import type { ListedRow } from '../../server/src/registry/registry.ts';

const dayMs = 86_400_000;

/** A number that looks drawn by lot but is the same in every process, so that none of them has to keep ten million of them. */
function drawn(n: number, salt: number): number {
  let x = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}

const digits = (value: number, count: number): string => String(value).padStart(count, '0');

/** What institutions ask about: account and phone numbers by far, then links, names and addresses. Number n is always the same. */
export function syntheticKey(n: number): string {
  // Multiplying by an odd number modulo a power of two, or by one prime to a power of ten, never gives one value twice.
  const unique = (n * 7_777_777) % 100_000_000;
  const block = Math.floor(n / 100_000_000);
  switch (drawn(n, 1) % 20) {
    case 0:
      return `domain:pay-${unique.toString(36)}${block}.example-${drawn(n, 2) % 1000}.com`;
    case 1:
      return `url:www.shop-${unique.toString(36)}${block}.com/login?id=${drawn(n, 2) % 10_000}`;
    case 2:
      return `ip:${[101 + 6 * block + Math.floor(unique / 16_777_216), Math.floor(unique / 65_536) % 256, Math.floor(unique / 256) % 256, unique % 256].join('.')}`;
    case 3:
      return `email:user${unique}${block}@mail-${drawn(n, 2) % 1000}.com`;
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
      return `account:TH:014:${digits(unique, 8)}${digits(block, 2)}`;
    default:
      return block === 0 ? `phone:+668${digits(unique, 8)}` : `phone:+669${digits(unique, 8)}`;
  }
}

/**
 * The same identifier as exports and people write it. A third are keys; nearly all others come with their type, as a bank
 * knows whether it asks about an account or a number; one in twenty must be guessed.
 */
export function spelling(key: string, n: number): string | { identifier: string; type: string; country?: string } {
  const colon = key.indexOf(':');
  const [type, value] = [key.slice(0, colon), key.slice(colon + 1)];
  if (drawn(n, 14) % 20 === 0 && (type === 'phone' || type === 'url' || type === 'email'))
    return type === 'url' ? `https://${value}` : value;
  const way = drawn(n, 3) % 6;
  if (way < 2) return key;
  if (type === 'phone') {
    const national = `0${value.slice(3)}`;
    if (way === 2) return { identifier: value, type };
    if (way === 3) return { identifier: national, type, country: 'TH' };
    if (way === 4)
      return {
        identifier: `${national.slice(0, 3)}-${national.slice(3, 6)}-${national.slice(6)}`,
        type,
        country: 'TH',
      };
    return { identifier: `+66 ${value.slice(3, 5)} ${value.slice(5, 8)} ${value.slice(8)}`, type };
  }
  if (type === 'url') return { identifier: way < 4 ? `https://${value}` : `hxxps://${value}`, type };
  if (type === 'domain') return { identifier: way < 4 ? value.toUpperCase() : value, type };
  if (type === 'email') return { identifier: way < 4 ? value : value.replace('user', 'User'), type };
  return { identifier: value, type };
}

function syntheticListing(n: number, nowMs: number): ListedRow {
  const hex = (salt: number): string => drawn(n, salt).toString(16).padStart(8, '0');
  const [a, b, c, d] = [hex(10), hex(11), hex(12), n.toString(16).padStart(8, '0')];
  return {
    id: `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`,
    member: foundingMembers[drawn(n, 4) % foundingMembers.length]!,
    revision: 1,
    key: syntheticKey(n),
    tier: tiers[drawn(n, 5) % tiers.length]!,
    typologies: [typologies[drawn(n, 6) % typologies.length]!],
    presented: drawn(n, 7) % 50 === 0,
    sinceMs: nowMs - (1 + (drawn(n, 8) % 90)) * dayMs,
    untilMs: nowMs + (1 + (drawn(n, 9) % 300)) * dayMs,
    discreet: drawn(n, 13) % 100 === 0,
  };
}

/** Numbers from `size` on are not listed. */
export async function* syntheticRows(size: number, nowMs: number): AsyncGenerator<ListedRow[]> {
  const batch = 10_000;
  for (let from = 0; from < size; from += batch) {
    yield Array.from({ length: Math.min(batch, size - from) }, (_, at) => syntheticListing(from + at, nowMs));
  }
}
