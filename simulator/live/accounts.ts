import type { NamedPayment } from '@bronze-drum/protocol/fields';
import type { Order, OrderOutcome } from '@bronze-drum/protocol/orders';
import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import type { Happening } from '../world/happening.ts';
import { currencies, type Currency } from '../world/nations.ts';
import { inOwn } from '../world/payment-records.ts';
import type { Account } from '../world/people.ts';
import type { World } from '../world/world.ts';

/** What institutions know of the accounts that they keep: what is there, what left, and what they were told to hold. */
export interface Accounts {
  /** Whether what is not held is enough for a payment that is about to be made. */
  mayPay(happening: Happening): boolean;
  /** A payment was made, at an instant as the servers see it. */
  paid(happening: Happening, at: string): void;
  /** Whether the world has such an account: it was paid or has paid. */
  knows(key: string): boolean;
  /** Holds what is still there of the amount, and says what is not. The same order again replaces what it held before. */
  hold(order: Order): OrderOutcome;
  /** The order no longer binds. */
  release(order: string): void;
  /** Payments that left an account since an instant. */
  onward(key: string, since: string): NamedPayment[];
}

interface Kept {
  readonly account: Account;
  readonly left: NamedPayment[];
}

const accountsMax = 200_000;
const leftMax = 100;

const isCurrency = (text: string): text is Currency => Object.hasOwn(currencies, text);

export function openAccounts(world: Pick<World, 'balance'>, accountsKnownMax = accountsMax): Accounts {
  const kept = new Map<string, Kept>();
  /** By order: of which account, and how much in its own currency. */
  const holds = new Map<string, { readonly key: string; readonly minor: number }>();

  function keep({ account, key }: { readonly account: Account; readonly key: string }): Kept {
    const known = kept.get(key) ?? { account, left: [] };
    // Those that were used last stay.
    kept.delete(key);
    kept.set(key, known);
    if (kept.size > accountsKnownMax) {
      const oldest = kept.keys().next().value!;
      if (heldAt(oldest) === 0) kept.delete(oldest);
    }
    return known;
  }

  function heldAt(key: string): number {
    let sum = 0;
    for (const hold of holds.values()) if (hold.key === key) sum += hold.minor;
    return sum;
  }

  const onwardOf = (key: string, since: string): NamedPayment[] =>
    (kept.get(key)?.left ?? []).filter(({ at }) => at >= since);

  return {
    mayPay({ moved }) {
      const from = moved?.from;
      if (from === undefined || holds.size === 0) return true;
      const held = heldAt(from.key);
      // The ledger has booked it already: what is left must cover what is held.
      return held === 0 || world.balance(from.account).minor >= held;
    },
    paid({ moved, sent }, at) {
      if (moved === undefined) return;
      const { from, to, minor, currency } = moved;
      if (to !== undefined) keep(to);
      if (from === undefined) return;
      const { left } = keep(from);
      const record = sent.find(({ kind }) => kind === 'payment')?.record as ActivityRecords['payment'] | undefined;
      const payee = to?.key ?? record?.to;
      left.push({
        from: from.key,
        ...(payee !== undefined && { to: payee }),
        amount: { value: String(minor), currency },
        at,
        ...(record?.reference !== undefined && { reference: record.reference }),
      });
      if (left.length > leftMax) left.shift();
    },
    knows: (key) => kept.has(key),
    hold(order) {
      const { id, subject, amount, leave, payment } = order;
      holds.delete(id);
      const known = kept.get(subject);
      if (known === undefined || amount === undefined || !isCurrency(amount.currency))
        return { outcome: 'refused', refusal: known === undefined ? 'account-closed' : 'form' };
      const { account } = known;
      const own = ({ value, currency }: { value: string; currency: string }): number =>
        isCurrency(currency) ? inOwn(account, Number(value), currency) : 0;
      const wished = own(amount);
      const free = world.balance(account).minor - heldAt(subject) - (leave === undefined ? 0 : own(leave));
      const minor = Math.max(0, Math.min(wished, free));
      if (minor > 0) holds.set(id, { key: subject, minor });
      const asked = BigInt(amount.value);
      // In the order's currency rounded down: nobody says to hold what is not there.
      const held = minor >= wished ? asked : (asked * BigInt(minor)) / BigInt(Math.max(1, wished));
      if (held === asked) return { outcome: 'placed', held: String(held), gone: '0' };
      if (held === 0n) holds.delete(id);
      const onward = onwardOf(subject, payment?.at ?? order.issuedAt);
      const said = { gone: String(asked - held), ...(onward.length > 0 && { onward }) };
      return held === 0n ? { outcome: 'gone', ...said } : { outcome: 'partly', held: String(held), ...said };
    },
    release: (order) => void holds.delete(order),
    onward: onwardOf,
  };
}
