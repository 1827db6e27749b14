import type { ActivityKind, ActivityRecord, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import type { Typology } from '@bronze-drum/protocol/statements/listing';
import { mix, mix3, share } from '../chance/mix.ts';
import { instant, letters } from '../chance/spelling.ts';
import type { Ground } from './ground.ts';
import type { Happening, Label, Mark, Sent, Step } from './happening.ts';
import type { Reporter } from './institutions.ts';

/** Something that leaves records. Its origin and order are its own for good: the records' ids are drawn from them. */
export interface Deed {
  readonly atMs: number;
  readonly origin: number;
  readonly order: number;
  readonly labels?: readonly Label[];
  readonly marks?: readonly Mark[];
  /** What an institution may suspect, and how likely each is to; otherwise it errs once in a while. */
  readonly suspect?: { readonly typology: Typology; readonly chance: number };
  readonly step?: Step;
}

/** A number that is never given twice: `channel` below 2^20, `index` below 2^32. */
export const originOf = (channel: number, index: number): number => channel * 4294967296 + index;

export type Draft<K extends ActivityKind> = Omit<ActivityRecords[K], 'id' | 'at' | 'suspicion'>;

/** Writes records as institutions do. */
export interface Clerk {
  /** Undefined if the institution does not take part, or tells nothing of such things. */
  write<K extends ActivityKind>(by: Reporter, kind: K, deed: Deed, draft: Draft<K>): Sent | undefined;
  /** What both ends of a payment know it by. */
  reference(deed: Deed): string;
}

/** Of ordinary records, how many are suspected all the same. */
const mistaken = 0.0004;
const mistakes: Readonly<Record<ActivityKind, readonly Typology[]>> = {
  payment: ['mule-account', 'unspecified', 'cash-out', 'crypto-laundering'],
  call: ['spoofed-call', 'sim-box'],
  message: ['phishing', 'bulk-message'],
  login: ['remote-access', 'phishing'],
  sim: ['sim-swap', 'unspecified'],
};
const confirmed = 0.15;

const hourMs = 3_600_000;
/** Half within two seconds, some after minutes, a few after hours. */
function delayMs(bits: number): number {
  const draw = share(bits);
  const rest = share(mix(bits, 77));
  if (draw > 0.997) return Math.round(rest * 6 * hourMs);
  if (draw > 0.98) return Math.round(rest * 600_000);
  return Math.round(200 + 7_000 * draw * draw);
}

export function openClerk(ground: Ground): Clerk {
  /** 64 bits that only this institution draws from this deed. */
  const drawn = (bits: number, { origin, order }: Deed): readonly [number, number] => {
    const low = origin % 4294967296;
    const high = Math.floor(origin / 4294967296);
    return [mix(mix3(bits, low, high), order), mix(mix3(bits ^ 0x2545f491, low, high), order)];
  };

  function write<K extends ActivityKind>(by: Reporter, kind: K, deed: Deed, draft: Draft<K>): Sent | undefined {
    if (!ground.takesPart(by.nation)) return undefined;
    const [first, second] = drawn(by.bits, deed);
    const draw = share(mix(first, 9));
    const chance = deed.suspect?.chance ?? mistaken;
    const isSuspected = draw < chance;
    if (!isSuspected && !by.everything) return undefined;
    const record: ActivityRecord = {
      id: ground.run + letters(first) + letters(second),
      at: instant(deed.atMs),
      ...(draft as Draft<'payment'>),
    };
    if (isSuspected) {
      const mistake = mistakes[kind][mix(first, 10) % mistakes[kind].length]!;
      record.suspicion = { typology: deed.suspect?.typology ?? mistake, confirmed: draw < chance * confirmed };
    }
    return {
      member: by.nation.member,
      institution: by.id,
      kind,
      record,
      reportedAtMs: deed.atMs + delayMs(mix(second, 5)),
      labels: deed.labels ?? none,
    };
  }

  return {
    write,
    reference: (deed) => drawn(ground.bits, deed).map(letters).join(''),
  };
}

export function happened(deed: Deed, one: Sent | undefined, other?: Sent): Happening {
  const sent = one === undefined ? (other === undefined ? none : [other]) : other === undefined ? [one] : [one, other];
  return {
    atMs: deed.atMs,
    sent,
    ...(deed.marks !== undefined && { marks: deed.marks }),
    ...(deed.step !== undefined && { step: deed.step }),
  };
}

const none: readonly never[] = [];
