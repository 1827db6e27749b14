import type { Told } from './payment-store.ts';

/** One record of a reference between two ends, as it was told. */
export interface TellingOf {
  readonly side: 'sender' | 'receiver' | 'both';
  readonly isReturn: boolean;
  readonly told: Told;
}

/** A payment, by who told of it, and what took it back. */
export interface Matched {
  readonly sender: Told | undefined;
  readonly receiver: Told | undefined;
  readonly back: { readonly sender: Told | undefined; readonly receiver: Told | undefined } | undefined;
}

/**
 * Which records of one reference between two ends are one payment: the same in whatever order they came. The sender's and
 * the receiver's of the same amount belong together, then those that are left, each in the order of time. A return takes
 * back the first payment before it that was not taken back.
 */
export function matchTellings(tellings: readonly TellingOf[]): Matched[] {
  const backs = pairsOf(tellings.filter(({ isReturn }) => isReturn));
  const open = pairsOf(tellings.filter(({ isReturn }) => !isReturn)).map((pair): Matched => ({
    ...pair,
    back: undefined,
  }));
  for (const back of backs) {
    const index = open.findIndex((payment) => payment.back === undefined && timeOf(payment) <= timeOf(back));
    if (index !== -1) open[index] = { ...open[index]!, back };
  }
  return open;
}

interface Pair {
  readonly sender: Told | undefined;
  readonly receiver: Told | undefined;
}

/** One institution told it twice: as it happened, and in answer to an order. */
const twiceWithinMs = 60_000;
const isTwice = (a: Told, b: Told): boolean =>
  a.amount === b.amount && a.currency === b.currency && Math.abs(a.atMs - b.atMs) < twiceWithinMs;

/** What one side told, each payment once. */
function toldBy(side: TellingOf['side'], tellings: readonly TellingOf[], besides: readonly Told[]): Told[] {
  const once: Told[] = [];
  const all = tellings.filter((telling) => telling.side === side).map(({ told }) => told);
  for (const told of all.sort(inOrder)) {
    if (besides.some((other) => isTwice(other, told))) continue;
    const known = once.findIndex((other) => isTwice(other, told));
    if (known === -1) once.push(told);
    else once[known] = { ...once[known]!, balance: once[known]!.balance ?? told.balance };
  }
  return once;
}

function pairsOf(tellings: readonly TellingOf[]): Pair[] {
  const both = toldBy('both', tellings, []);
  const told = (side: TellingOf['side']): Told[] => toldBy(side, tellings, both);
  const pairs: Pair[] = both.map((sender) => ({ sender, receiver: { ...sender, balance: undefined } }));
  const receivers = told('receiver');
  const alone: Told[] = [];
  for (const sender of told('sender')) {
    const index = receivers.findIndex(
      ({ amount, currency }) => amount === sender.amount && currency === sender.currency,
    );
    if (index === -1) alone.push(sender);
    else pairs.push({ sender, receiver: receivers.splice(index, 1)[0] });
  }
  for (const sender of alone) pairs.push({ sender, receiver: receivers.shift() });
  for (const receiver of receivers) pairs.push({ sender: undefined, receiver });
  return pairs.sort(byTime);
}

const timeOf = ({ sender, receiver }: Pair): number => (sender ?? receiver)!.atMs;
const byTime = (a: Pair, b: Pair): number => inOrder((a.sender ?? a.receiver)!, (b.sender ?? b.receiver)!);
const inOrder = (a: Told, b: Told): number => a.atMs - b.atMs || a.tie - b.tie;

/** A return moves money from the receiver, who is debited, to the sender. What one side did not tell follows from the payment. */
export function backwards(payment: Pair, back: Pair): { debit: Told; credit: Told } {
  const left = (payment.sender ?? payment.receiver)!;
  const came = (payment.receiver ?? payment.sender)!;
  const inMoneyOf = (told: Told, is: Told, was: Told): Told => {
    const amount = told.currency === is.currency ? told.amount : (is.amount * told.amount) / was.amount;
    return { ...told, currency: is.currency, amount: amount > 0n ? amount : 1n, balance: undefined };
  };
  const debit = back.receiver ?? inMoneyOf(back.sender!, came, left);
  const credit = back.sender ?? inMoneyOf(back.receiver!, left, came);
  return { debit, credit };
}
