import { splitKey } from '../../ui/identifier.tsx';
import type { Say } from '../../ui/words.ts';

/** What an alert can be about beside identifiers. */
export const notIdentifiers: readonly string[] = [
  'party',
  'appeal',
  'approval',
  'institution',
  'request',
  'order',
  'hold',
  'trace',
];

/** What kind of thing a subject is, in words. */
export function nameOf(key: string, t: Say): string {
  const { type } = splitKey(key);
  return notIdentifiers.includes(type)
    ? t(`alerts:subject.${type}`)
    : t(`terms:identifierType.${type}`, { defaultValue: type });
}
