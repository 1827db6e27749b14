import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Statement } from '@bronze-drum/protocol/statements/envelope';
import type { ListingBody, ListingWithdrawalBody } from '@bronze-drum/protocol/statements/listing';
import { instantMs } from '../kernel/clock.ts';

/** What of another member's listing cannot be kept or acted on here, although its schema allows it. */
export type Fault = 'revision' | 'instant' | 'text' | 'key' | 'person';

export const revisionMax = 2 ** 31 - 1;
const firstMs = Date.UTC(1970, 0, 1);
const lastMs = Date.UTC(9999, 11, 31);

const found = new WeakMap<Statement, Fault | 'none'>();

/** Why a foreign listing or withdrawal is not applied, whatever else is known; undefined if it is sound. */
export function faultOf(statement: Statement): Fault | undefined {
  let fault = found.get(statement);
  // The table and the view in memory both ask, of the same statement.
  if (fault === undefined) found.set(statement, (fault = findFault(statement) ?? 'none'));
  return fault === 'none' ? undefined : fault;
}

function findFault(statement: Statement): Fault | undefined {
  const { envelope } = statement;
  const body = statement.body as ListingBody | ListingWithdrawalBody;
  if (body.revision > revisionMax) return 'revision';
  // PostgreSQL has no text with a NUL in it, nor a year 0.
  if (hasNul(body.key) || hasNul(body.grounds) || hasNul(envelope.author.office)) return 'text';
  if (hasNul(envelope.handling.restriction) || ('since' in body && hasNul(body.source))) return 'text';
  if (!isKeepable(envelope.at) || !isKeepable(envelope.retention?.until)) return 'instant';
  if ('since' in body && !(isKeepable(body.since) && isKeepable(body.until))) return 'instant';
  if (body.key.startsWith('person:')) return 'person';
  return parse(body.key) === body.key ? undefined : 'key';
}

const hasNul = (text: string | undefined): boolean => text?.includes('\0') === true;

const judgedMax = 1000;
const judged = new Map<string, boolean>();

/** Reading an instant costs as much as all else together, and a bulk of statements names the same few. */
function isKeepable(instant: string | undefined): boolean {
  if (instant === undefined) return true;
  let answer = judged.get(instant);
  if (answer !== undefined) return answer;
  const atMs = instantMs(instant);
  answer = atMs >= firstMs && atMs <= lastMs;
  if (judged.size === judgedMax) judged.clear();
  judged.set(instant, answer);
  return answer;
}
