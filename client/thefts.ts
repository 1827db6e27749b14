import type { Amount } from '@bronze-drum/protocol/activity/fields';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import type { Typology } from '@bronze-drum/protocol/statements/listing';
import { untilAnswered, type Retrying } from './retrying.ts';
import { readFields, type Wire } from './wire.ts';

/** What a victim told their institution. */
export interface Theft {
  /** The institution's own, for good: the same again is answered again, and traced once. */
  readonly reference: string;
  readonly typology: Typology;
  readonly payments: readonly {
    /** The account that the money left. */
    readonly from?: string;
    /** Where it went; without it, the payment is looked for by `from` and `reference`. */
    readonly to?: string;
    readonly amount: Amount;
    readonly at: string;
    readonly reference?: string;
    readonly channel?: Payment['channel'];
  }[];
  /** The institution has examined the debit and confirms it: only then does a standing rule hold anything. */
  readonly debitConfirmed?: boolean;
  /** Numbers, links and handles that the fraud used. */
  readonly contacts?: readonly string[];
  /** When the victim told it; by default now. */
  readonly at?: string;
}

export interface TheftAnswer {
  readonly report: string;
  /** One for each currency. */
  readonly traces: readonly string[];
  /** joined: somebody reported one of these payments before; known: this very report came before. */
  readonly state: 'opened' | 'joined' | 'known';
}

/**
 * Reports a theft; tried until it is answered. When this resolves, the money has been followed as far as it is known, and what
 * may be held at once is ordered.
 */
export async function reportTheft(wire: Wire, theft: Theft, how: Retrying): Promise<TheftAnswer> {
  const body = JSON.stringify(theft);
  const answer = await untilAnswered(() => wire.call('POST', '/v1/reports', { body, ended: how.ended }), how);
  return readFields<TheftAnswer>(answer, { report: (value) => typeof value === 'string', traces: Array.isArray });
}
