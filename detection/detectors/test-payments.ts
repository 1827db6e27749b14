import { paymentChannels, type Payment } from '@bronze-drum/protocol/activity/payment';
import type { Static, TObject } from 'typebox';
import type { Detector, Facts } from '../detector.ts';
import type { PaymentView } from '../payment-view.ts';
import { noted, openAccounts, type Listed } from '../state/accounts.ts';
import { openInterner } from '../state/interner.ts';
import { currencyNumber, dollarsPerMinor } from '../state/money.ts';
import { openPayments, outside } from '../state/payments.ts';
import { fillTrail, openTrail } from '../state/trail.ts';
import { fillWindow, openWindow, windowSpanMs } from '../state/window.ts';

/** What is known of an account before the story begins; ages are in days. */
export interface Known {
  /** Seen since; 100 days by default, 0 for an account that nobody saw before. */
  readonly seenFor?: number;
  readonly ins?: number;
  readonly outs?: number;
  readonly silentFor?: number;
  readonly openedFor?: number;
  readonly company?: { readonly registeredFor?: number; readonly capital?: number };
  readonly controller?: string;
  readonly listed?: Listed;
}

interface Story {
  readonly accounts?: Readonly<Record<string, Known>>;
  /** For how many days the engine has seen payments when the story begins; 365 by default. */
  readonly beganFor?: number;
}

/** What a detector said, of whom, when it saw which line. */
export interface Said {
  readonly line: number;
  readonly subject: string;
  readonly facts: Facts;
  readonly counterparts: readonly string[];
  readonly strength: number;
}

const dayMs = 24 * 3_600_000;
/** A Monday. */
const startMs = Date.UTC(2026, 0, 5);

/** `th.anna` lives in Thailand, as who has no prefix does; `wallet.w` is a wallet, `cash` is no account. */
export function keyOfName(name: string): string {
  const [place, rest] = name.includes('.') ? name.split('.') : ['th', name];
  return place === 'wallet' ? `wallet:tron:${rest}` : `account:${place!.toUpperCase()}:bank:${rest}`;
}

const nameOfKey = (key: string): string => {
  const [type, place, ...rest] = key.split(':');
  if (type === 'wallet') return `wallet.${rest[0]}`;
  return place === 'TH' ? rest.at(-1)! : `${place!.toLowerCase()}.${rest.at(-1)}`;
};

/**
 * A story in lines `1d 12:30:05 anna > kh.ben 480 THB mobile =20`: after a day, a time, who pays whom how much of which
 * currency (whole units; dollars by default), by which channel, and what is left on the payer's account.
 */
function paymentOf(line: string): { readonly atMs: number; readonly record: Payment } {
  const parts =
    /^(?:(\d+)d )?(\d+):(\d\d)(?::(\d\d))? (\S+) > (\S+) ([\d.]+)(?: ([A-Z]{3}))?(?: ([a-z]+))?(?: =([\d.]+))?$/.exec(
      line,
    );
  if (parts === null) throw new Error(`No payment: ${line}`);
  const [, days = '0', hours, minutes, seconds = '0', from, to, units, currency = 'USD', channel = 'mobile', left] =
    parts;
  const atMs =
    startMs + Number(days) * dayMs + (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  const digits = ['VND', 'JPY'].includes(currency) ? 1 : 100;
  const minor = (whole: string) => String(Math.round(Number(whole) * digits));
  const record: Payment = {
    id: line.replaceAll(' ', '_').slice(0, 64),
    at: new Date(atMs).toISOString(),
    amount: { value: minor(units!), currency },
    channel: channel as Payment['channel'],
    ...(from !== 'cash' && { from: keyOfName(from!) }),
    ...(to !== 'cash' && { to: keyOfName(to!) }),
    ...(left !== undefined && { balanceAfter: minor(left) }),
    ...(channel === 'exchange' && { asset: { symbol: 'USDT', quantity: units! } }),
  };
  return { atMs, record };
}

/** Tells a story payment by payment, in the order of its lines, and asks a detector at both ends of each. */
export function tell<L extends TObject>(
  detector: Detector<'payment', PaymentView, L>,
  lines: readonly string[],
  { accounts: known = {}, beganFor = 365 }: Story = {},
  changed: Partial<Static<L>> = {},
): Said[] {
  const limits = { ...limitsOf(detector.limits), ...changed } as Static<L>;
  const accounts = openAccounts(256);
  const payments = openPayments({ accounts: 256, capacity: 1024 });
  const interner = openInterner(256, (slot) => {
    payments.forget(slot);
    accounts.forget(slot);
  });
  const trail = openTrail();
  const controllers = new Map<string, number>();
  const controlled = new Map<number, number>();

  function slotOf(key: string | undefined, atMs: number): number {
    if (key === undefined) return outside;
    const found = interner.find(key);
    if (found >= 0) return found;
    const slot = interner.take(key, atMs);
    meet(slot, known[nameOfKey(key)] ?? {});
    return slot;
  }

  function meet(slot: number, { seenFor = 100, ins = 5, outs = 5, silentFor = 2, ...more }: Known): void {
    if (seenFor > 0) {
      accounts.note(slot, noted.firstAtMs, startMs - seenFor * dayMs);
      accounts.note(slot, noted.lastAtMs, startMs - Math.min(silentFor, seenFor) * dayMs);
      accounts.note(slot, noted.inCount, ins);
      accounts.note(slot, noted.outCount, outs);
    }
    if (more.openedFor !== undefined) accounts.note(slot, noted.openedAtMs, startMs - more.openedFor * dayMs);
    accounts.note(slot, noted.isCompany, more.company === undefined ? 0 : 1);
    if (more.company?.registeredFor !== undefined)
      accounts.note(slot, noted.registeredAtMs, startMs - more.company.registeredFor * dayMs);
    accounts.note(slot, noted.capital, more.company?.capital ?? 0);
    accounts.note(slot, noted.listed, more.listed ?? 0);
    if (more.controller === undefined) return;
    if (!controllers.has(more.controller)) controllers.set(more.controller, controllers.size + 1);
    const controller = controllers.get(more.controller)!;
    accounts.note(slot, noted.controller, controller);
    controlled.set(controller, (controlled.get(controller) ?? 0) + 1);
  }

  // One controller’s accounts are known before the first payment.
  for (const [name, what] of Object.entries(known))
    if (what.controller !== undefined) slotOf(keyOfName(name), startMs - dayMs);

  const said: Said[] = [];
  lines.forEach((line, number) => {
    const { atMs, record } = paymentOf(line);
    const [from, to] = [slotOf(record.from, atMs), slotOf(record.to, atMs)];
    const currency = currencyNumber(record.amount.currency);
    const channel = paymentChannels.indexOf(record.channel);
    const place = payments.add({ number, atMs, from, to, minor: Number(record.amount.value), currency, channel });
    const dollars = payments.dollars(place);
    if (from >= 0) accounts.paid(from, { atMs, isOut: true }, 30 * dayMs);
    if (to >= 0) accounts.paid(to, { atMs, isOut: false }, 30 * dayMs);
    if (record.balanceAfter !== undefined && from >= 0 && atMs >= accounts.balanceAtMs(from)) {
      accounts.note(from, noted.balance, Number(record.balanceAfter) * dollarsPerMinor[currency]!);
      accounts.note(from, noted.balanceAtMs, atMs);
    }
    for (const end of ['in', 'out'] as const) {
      const account = end === 'in' ? to : from;
      if (account < 0) continue;
      let isTrailed = false;
      const view: PaymentView = {
        end,
        own: openWindow(),
        place,
        atMs,
        dollars,
        record,
        isOwnCustomer: end === 'out',
        accounts,
        payments,
        beganMs: startMs - beganFor * dayMs,
        trail() {
          if (!isTrailed) fillTrail(trail, payments, place, windowSpanMs);
          isTrailed = true;
          return trail;
        },
        keyOf: (slot) => (slot >= 0 ? interner.keyOf(slot) : undefined),
        accountsOfController: (slot) => controlled.get(accounts.controller(slot)) ?? 0,
      };
      fillWindow(view.own, payments, { account, nowMs: Math.max(atMs, accounts.lastAtMs(account)) });
      const verdict = detector.find(view, limits);
      if (verdict === undefined) continue;
      said.push({
        line: number,
        subject: nameOfKey(interner.keyOf(account)!),
        ...verdict,
        counterparts: verdict.counterparts.map(nameOfKey),
      });
    }
  });
  return said;
}

/** Whom a detector speaks of, each once. */
export const subjectsOf = (said: readonly Said[]): string[] => [...new Set(said.map(({ subject }) => subject))].sort();

export const limitsOf = (limits: TObject): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(limits.properties).map(([name, property]) => [name, (property as { default?: unknown }).default]),
  );
