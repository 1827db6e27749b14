import { commitmentOf, saltBytes } from '@bronze-drum/protocol/commitments';
import { audienceOf } from '@bronze-drum/protocol/members';
import type { Statement } from '@bronze-drum/protocol/statements/envelope';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import {
  tiers,
  typologies,
  type ListingBody,
  type ListingWithdrawalBody,
} from '@bronze-drum/protocol/statements/listing';
import { dayMs, instantText } from '../../kernel/clock.ts';
import { derivedId } from '../../kernel/ids.ts';
import type { Chance } from './chance.ts';
import type { Leaf } from './disk.ts';
import { sha256 } from './keys.ts';

export interface Saying {
  readonly book: string;
  readonly kind: 'listing' | 'listing-withdrawal' | 'erasure';
  readonly body: ListingBody | ListingWithdrawalBody | ErasureBody;
  readonly aheadMs?: number;
}

export function listing(chance: Chance, member: string, key: string, revision: number, nowMs: number): ListingBody {
  return {
    id: derivedId(member, 'simulation', key),
    revision,
    key,
    tier: chance.pick(tiers),
    typologies: [chance.pick(typologies)],
    offence: 'telecom-online-fraud',
    grading: { source: 'B', information: 2 },
    grounds: 'simulated',
    since: instantText(nowMs),
    until: instantText(nowMs + 30 * dayMs),
    discreet: chance.hits(0.1),
  };
}

export function withdrawal(id: string, key: string, revision: number): ListingWithdrawalBody {
  return { id, revision, key, reason: 'resolved', grounds: 'simulated' };
}

export function statementOf(member: string, { book, kind, body, aheadMs }: Saying, nowMs: number): Statement {
  return {
    envelope: {
      member,
      book,
      kind,
      version: 1,
      at: instantText(nowMs + (aheadMs ?? 0)),
      author: { office: 'simulation' },
      audience: audienceOf(book),
      handling: { tlp: 'GREEN', conditions: [] },
      ...('key' in body && { subject: body.key }),
      ...(kind === 'listing-withdrawal' && 'id' in body && { withdraws: body.id }),
    },
    body,
  };
}

export function leafOf(chance: Chance, statement: Statement): Leaf {
  const bytes = new Uint8Array(Buffer.from(JSON.stringify(statement)));
  const salt = chance.bytes(saltBytes);
  return { commitment: commitmentOf(sha256, salt, bytes), salt, bytes, statement };
}

/** The same statement with another claim, for a second history. */
export function otherLeaf(chance: Chance, leaf: Leaf): Leaf {
  const { envelope, body } = leaf.statement!;
  if (envelope.kind !== 'listing') return leaf;
  const { tier } = body as ListingBody;
  return leafOf(chance, { envelope, body: { ...(body as ListingBody), tier: tier === 'court' ? 'victim' : 'court' } });
}

/** Which bodies a server of misfits shows altered. */
export const isMisfit = ({ commitment, statement }: Leaf): boolean =>
  statement?.envelope.kind === 'listing' && commitment[0]! % 3 === 0;

export function misfitBytes(leaf: Leaf): Uint8Array {
  return Buffer.from(
    Buffer.from(leaf.bytes!).toString().replace('"discreet":false', '"discreet":true').replace('"B"', '"C"'),
  );
}
