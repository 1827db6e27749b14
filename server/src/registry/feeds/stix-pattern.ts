import type { IdentifierType } from '@bronze-drum/protocol/identifiers/identifier';

/** The object paths whose equality names one identifier of ours. */
export const stixPaths: ReadonlyMap<string, IdentifierType> = new Map([
  ['ipv4-addr:value', 'ip'],
  ['ipv6-addr:value', 'ip'],
  ['domain-name:value', 'domain'],
  ['hostname:value', 'domain'],
  ['url:value', 'url'],
  ['email-addr:value', 'email'],
  ['bank-account:account_number', 'account'],
  ['bank-account:iban', 'account'],
  ['phone-number:value', 'phone'],
  ['cryptocurrency-wallet:value', 'wallet'],
  ['imei:value', 'device'],
  ['imsi:value', 'sim'],
  ['iccid:value', 'sim'],
]);

export interface Comparison {
  readonly path: string;
  readonly value: string;
}

const token =
  /\s*(?:([[\]()=,])|'((?:[^'\\]|\\.)*)'|([A-Za-z\d_-]+:[^\s[\]()=!<>,']*(?:'[^']*'[^\s[\]()=!<>,']*)*)|([A-Za-z]+))\s*/sy;

interface Part {
  readonly kind: 'mark' | 'text' | 'path' | 'word';
  readonly text: string;
}

/**
 * The comparisons of a STIX pattern that says "any one of these": equalities and IN sets, joined by OR, within an
 * observation or between observations. Undefined for any other pattern: a part of a conjunction, or of a sequence, is
 * not by itself what its author warned of.
 */
export function anyOf(pattern: string): readonly Comparison[] | undefined {
  const parts = partsOf(pattern);
  if (parts === undefined) return undefined;
  const found: Comparison[] = [];
  let at = 0;

  function take(kind: Part['kind'], text?: string): string | undefined {
    const part = parts?.[at];
    if (part === undefined || part.kind !== kind || (text !== undefined && part.text !== text)) return undefined;
    at++;
    return part.text;
  }

  function comparison(): boolean {
    const path = take('path');
    if (path === undefined) return false;
    if (take('mark', '=') !== undefined) {
      const value = take('text');
      if (value !== undefined) found.push({ path, value });
      return value !== undefined;
    }
    if (take('word', 'IN') === undefined || take('mark', '(') === undefined) return false;
    do {
      const value = take('text');
      if (value === undefined) return false;
      found.push({ path, value });
    } while (take('mark', ',') !== undefined);
    return take('mark', ')') !== undefined;
  }

  do {
    if (take('mark', '[') === undefined) return undefined;
    do {
      if (!comparison()) return undefined;
    } while (take('word', 'OR') !== undefined);
    if (take('mark', ']') === undefined) return undefined;
  } while (take('word', 'OR') !== undefined);
  return at === parts.length ? found : undefined;
}

function partsOf(pattern: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < pattern.length) {
    const match = token.exec(pattern);
    if (match === null) return undefined;
    const [, mark, text, path, word] = match;
    if (mark !== undefined) parts.push({ kind: 'mark', text: mark });
    else if (text !== undefined) parts.push({ kind: 'text', text: text.replaceAll(/\\(.)/gs, '$1') });
    else if (path !== undefined) parts.push({ kind: 'path', text: path });
    else parts.push({ kind: 'word', text: word ?? '' });
  }
  return parts;
}
