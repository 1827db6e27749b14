import type { Payment } from '@bronze-drum/protocol/activity/payment';
import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { openAccountWatch } from './account-watch.ts';
import { accountDetectors } from './detectors/accounts.ts';
import type { FeatureSource, PaymentSight } from './features/payment-sight.ts';
import type { PaymentBookSizes } from './payment-book.ts';
import { defaultRules, limitsUnder } from './rules.ts';
import type { Found } from './watch.ts';

/** What detectors of accounts say of a payment, as columns of the score: how strong each is at either end, 0 if it is silent. */
export interface Verdicts extends FeatureSource {
  /** Hears what is said of the payment that is looked at; `isReceiver` tells of which end. */
  hear(detector: string, isReceiver: boolean, strength: number): void;
  /** Another payment is looked at. */
  begin(): void;
}

const columns = new Map(accountDetectors.map(({ name }, index) => [name, index]));

export function openVerdicts(): Verdicts {
  const said = new Float32Array(columns.size * 2);
  return {
    names: ['receiver', 'sender'].flatMap((end) => [...columns.keys()].map((name) => `detector.${name}.${end}`)),
    begin: () => void said.fill(0),
    hear(detector, isReceiver, strength) {
      const column = columns.get(detector);
      if (column !== undefined) said[column + (isReceiver ? 0 : columns.size)] = Math.max(strength, 0.01);
    },
    read(_payment, row, offset) {
      row.set(said, offset);
    },
  };
}

/** The same for payments that are told as windows see them, with detectors of its own under their default limits. */
export function openOwnVerdicts(sizes: PaymentBookSizes): FeatureSource {
  const verdicts = openVerdicts();
  const limitsOf = limitsUnder(defaultRules);
  const watch = openAccountWatch(
    { country: 'XX', listed: () => 0, networkOf: () => undefined, owns: () => true, limitsOf },
    sizes,
  );
  let number = 0;
  return {
    names: verdicts.names,
    read(payment, row, offset) {
      number += 1;
      const record = recordOf(payment);
      const found: Found = (detector, subject, { strength }) =>
        verdicts.hear(detector.name, subject === record.to, strength);
      verdicts.begin();
      const about = { number, kind: 'payment', institution: 'x', id: String(number), atMs: payment.atMs } as const;
      watch.see({ ...about, record }, found);
      verdicts.read(payment, row, offset);
    },
  };
}

const keyOf = (slot: number): string => `account:XX:${slot}`;

/** In cents: windows know dollars alone. */
function recordOf({ from, to, usd, channel, fromBalance }: PaymentSight): Payment {
  return {
    id: 'x',
    at: '',
    ...(from >= 0 && { from: keyOf(from) }),
    ...(to >= 0 && { to: keyOf(to) }),
    amount: { value: String(Math.round(usd * 100)), currency: 'USD' },
    channel: paymentChannels[channel] ?? 'other',
    ...(Number.isFinite(fromBalance) && { balanceAfter: String(Math.round(fromBalance * 100)) }),
  };
}
