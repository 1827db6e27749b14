import {
  isBound,
  isOpenToInstitutions,
  mayCorroborateTo,
  mayLeave,
  type Handling,
} from '@bronze-drum/protocol/handling';
import { refusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { instantMs, minuteMs } from '../kernel/clock.ts';
import type { TakeQuery } from './contract.ts';

const unnamedType = 'application/octet-stream';

/** The media type without its parameters, in small letters; undefined if it is none that an exhibit can have. */
export function mediaTypeOf(header: string | undefined): string | undefined {
  const type = (header ?? unnamedType).split(';')[0]!.trim().toLowerCase();
  return /^[a-z]+\/[a-z0-9.+-]{1,80}$/.test(type) ? type : undefined;
}

export function handlingOf({ tlp, conditions, restriction }: TakeQuery): Handling {
  const named = [...new Set(conditions?.split(','))].sort() as Handling['conditions'];
  return { tlp, conditions: named, ...(restriction !== undefined && { restriction: restriction.toWellFormed() }) };
}

const firstMs = Date.UTC(1970, 0, 1);
/** How far ahead of ours the clock of whoever collected it may be. */
const aheadMsMax = 5 * minuteMs;

/** Why an instant of collection cannot be. */
export function collectionFault(collectedAt: string, nowMs: number): Refusal | undefined {
  const atMs = instantMs(collectedAt);
  if (!(atMs >= firstMs)) return refusal('malformed.instant');
  return atMs > nowMs + aheadMsMax ? refusal('evidence.collected-later') : undefined;
}

/** Whose exhibit it is that is to be given on: our own, or another member's, who said it in a book. */
export interface Origin {
  readonly member: string;
  readonly book: string;
}

/** Why an exhibit may not be given to the readers of a book, or undefined if it may. What exhibits show are persons. */
export function bookBar(handling: Handling, book: string, origin: Origin | undefined): Refusal | undefined {
  if (book === 'domestic') return undefined;
  if (origin !== undefined && !mayCorroborateTo(handling, origin.book, book)) return refusal('handling.no-onward');
  return mayLeave(handling, book, 'person');
}

/** Why an exhibit may not be given to an institution, or undefined if it may. */
export function institutionBar(handling: Handling, origin: Origin | undefined): Refusal | undefined {
  if (origin !== undefined && isBound(handling)) return refusal('handling.no-onward');
  return isOpenToInstitutions(handling) ? undefined : refusal('handling.closed-to-institutions');
}
