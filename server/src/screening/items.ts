import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { identifierTypes, type IdentifierType, type Key } from '@bronze-drum/protocol/identifiers/identifier';
import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { refuse } from '../kernel/refusals.ts';
import { identifierLengthMax, identifiersMax, type ScreenItem } from './contract.ts';

const malformed = refusal('malformed.item');
const tooLong = refusal('identifier.too-long', { lengthMax: identifierLengthMax });
const hintLengthMax = 64;

/** The items of a request's body, each still to be read; refuses a body that is not of the contract's shape. */
export function itemsOf(body: unknown): readonly unknown[] {
  const items = typeof body === 'object' && body !== null ? (body as { identifiers?: unknown }).identifiers : undefined;
  if (!Array.isArray(items)) return refuse('malformed.schema', { part: 'body', at: '/identifiers', rule: 'type' });
  for (const name in body as object) {
    if (name !== 'identifiers') refuse('malformed.schema', { part: 'body', at: '', rule: 'additionalProperties' });
  }
  if (items.length === 0) refuse('malformed.schema', { part: 'body', at: '/identifiers', rule: 'minItems' });
  if (items.length > identifiersMax) refuse('too-large.batch', { identifiersMax });
  return items as readonly unknown[];
}

/** The key of one item, or why it has none. Written by hand, since a schema would refuse all items for the sake of one. */
export function keyOf(item: unknown): Key | Refusal {
  if (typeof item === 'string') return item.length > identifierLengthMax ? tooLong : parse(item);
  if (!isItem(item)) return malformed;
  return item.identifier.length > identifierLengthMax ? tooLong : parse(item.identifier, item);
}

function isItem(item: unknown): item is ScreenItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  for (const name in item) {
    const value = (item as Record<string, unknown>)[name];
    if (typeof value !== 'string') return false;
    if (name === 'country' || name === 'bank') {
      if (value.length > hintLengthMax) return false;
    } else if (name === 'type') {
      if (!identifierTypes.includes(value as IdentifierType)) return false;
    } else if (name !== 'identifier') return false;
  }
  return Object.hasOwn(item, 'identifier');
}
