import type { Payment, paymentChannels } from '@bronze-drum/protocol/activity/payment';

export type PaymentChannel = (typeof paymentChannels)[number];

/** A payment as one institution told it. Amounts in minor units. */
export interface ToldPayment {
  /** The institution, and its own name for the record: one record counts once. */
  readonly source: string;
  readonly id: string;
  /** Keys; an end that is missing is cash. */
  readonly from?: string;
  readonly to?: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly atMs: number;
  readonly channel: PaymentChannel;
  /** Only what is settled moves money. `returned` takes back what the same reference moved between the same ends. */
  readonly state: 'settled' | 'pending' | 'rejected' | 'returned';
  readonly side: 'sender' | 'receiver' | 'both';
  /** Printable ASCII, at most 64 letters: by it, what the institutions of both ends tell becomes one payment. */
  readonly reference?: string;
  /** Of the institution's own customer (of the sender, if both are). */
  readonly balanceAfter?: bigint;
}

export function paymentOf(record: Payment, institution: string): ToldPayment {
  const { id, from, to, amount, channel, state, side, reference, balanceAfter } = record;
  return {
    source: institution,
    id,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    amount: BigInt(amount.value),
    currency: amount.currency,
    atMs: Date.parse(record.at),
    channel,
    state: state ?? 'settled',
    side: side ?? 'sender',
    ...(reference === undefined ? {} : { reference }),
    ...(balanceAfter === undefined ? {} : { balanceAfter: BigInt(balanceAfter) }),
  };
}
