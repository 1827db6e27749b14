import { hostOf } from '@bronze-drum/protocol/identifiers/url';
import { rangeContains } from '@bronze-drum/protocol/identifiers/ip';
import type { PolicyRules } from '../kernel/policy.ts';

/** What may not be listed, whoever asks for it. */
export interface AllowList {
  /** Whether a key is on the list, or stands for something that is: a link or address of a host, a range that holds one. */
  holds(key: string): boolean;
}

const read = new WeakMap<PolicyRules, AllowList>();

/** The allow-list of a policy, which is read once. */
export function allowListOf(rules: PolicyRules): AllowList {
  let list = read.get(rules);
  if (list === undefined) read.set(rules, (list = openAllowList(rules.listings.allowList)));
  return list;
}

/** `*` at the end of a pattern stands for any ending; after `domain:` at the beginning, for any subdomain. */
export function openAllowList(patterns: readonly string[]): AllowList {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const parents = new Set(startingWith(patterns, 'domain:*.').map((pattern) => pattern.slice('domain:*.'.length)));
  const beginnings = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  const addresses = startingWith([...exact], 'ip:').map((pattern) => pattern.slice('ip:'.length));
  const ranges = addresses.filter((address) => address.includes('/'));

  const isListed = (key: string): boolean =>
    exact.has(key) ||
    beginnings.some((beginning) => key.startsWith(beginning)) ||
    (key.startsWith('domain:') && isBelow(key.slice('domain:'.length), parents)) ||
    (key.startsWith('ip:') && ranges.some((range) => rangeContains(range, key.slice('ip:'.length))));

  return {
    holds(key) {
      if (isListed(key)) return true;
      const host = hostKeyOf(key);
      if (host !== undefined) return isListed(host);
      if (!key.startsWith('ip:') || !key.includes('/')) return false;
      return addresses.some((address) => rangeContains(key.slice('ip:'.length), address));
    },
  };
}

const startingWith = (patterns: readonly string[], beginning: string): string[] =>
  patterns.filter((pattern) => pattern.startsWith(beginning));

function isBelow(domain: string, parents: ReadonlySet<string>): boolean {
  if (parents.size === 0) return false;
  for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) {
    if (parents.has(domain.slice(dot + 1))) return true;
  }
  return false;
}

/** The key of the host that a link or an e-mail address is at. */
function hostKeyOf(key: string): string | undefined {
  if (key.startsWith('email:')) return `domain:${key.slice(key.lastIndexOf('@') + 1)}`;
  if (!key.startsWith('url:')) return undefined;
  const host = hostOf(key.slice('url:'.length));
  return /^[\d.]+$|:/.test(host) ? `ip:${host}` : `domain:${host}`;
}
