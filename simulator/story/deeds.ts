import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { FreeText } from '@bronze-drum/protocol/languages';
import type { OrderKind, OrderOutcome } from '@bronze-drum/protocol/orders';
import type { RequestKind } from '@bronze-drum/protocol/requests';

/** An institution of a member, by its kind and its place among those of that kind: `th bank 1`. */
export interface InstitutionPart {
  readonly member: string;
  readonly institution: string;
}
/** An officer by their role; `supervisor 2` is the second of that role. */
export interface OfficerPart {
  readonly member: string;
  readonly officer: string;
}

/** A request by whose it is, and an account that it names. */
export interface RequestPart {
  readonly request: RequestKind;
  readonly from: string;
  readonly to: string;
  readonly about: string;
}

/** What is done to the holds of a trace, which is known by an account that the money reached at that member. */
interface OfHolds {
  readonly by: OfficerPart;
  readonly trace: string;
}
interface WithSecond extends OfHolds {
  /** Who approves, where the law asks for a second person. */
  readonly second: OfficerPart;
  readonly court: string;
}

export type Deed =
  | { readonly kind: 'screen'; readonly by: InstitutionPart; readonly identifiers: readonly string[] }
  | {
      readonly kind: 'report';
      readonly by: InstitutionPart;
      readonly activity: ActivityKind;
      /** A record without its `id`, and without `at` where it is this very moment. */
      readonly record: Readonly<Record<string, unknown>>;
      /** What the same institution tells before, as on any day. */
      readonly besides?: readonly Readonly<Record<string, unknown>>[];
    }
  | { readonly kind: 'list'; readonly by: OfficerPart; readonly listing: Readonly<Record<string, unknown>> }
  | { readonly kind: 'take'; readonly by: OfficerPart; readonly subject: string }
  /** What a victim told, written down by the officer who heard it. */
  | { readonly kind: 'report-victim'; readonly by: OfficerPart; readonly report: Readonly<Record<string, unknown>> }
  /** All proposed holds of a trace, in one act. */
  | ({ readonly kind: 'order-holds' } & OfHolds)
  | {
      readonly kind: 'answer-order';
      readonly by: InstitutionPart;
      readonly order: OrderKind;
      readonly subject: string;
      readonly outcome: OrderOutcome;
    }
  /** Says that the end of an order was carried out. */
  | {
      readonly kind: 'confirm-order';
      readonly by: InstitutionPart;
      readonly order: OrderKind;
      readonly subject: string;
    }
  | {
      readonly kind: 'acknowledge';
      readonly by: OfficerPart;
      readonly request: RequestPart;
      readonly text: FreeText;
    }
  /** Sends a request anew that was refused, now with an officer’s signature. */
  | { readonly kind: 'sign'; readonly by: OfficerPart; readonly request: RequestPart }
  | { readonly kind: 'cut-off'; readonly member: string }
  | { readonly kind: 'join'; readonly member: string }
  /** The victim’s complaint to the police, by its number: all holds of the trace go on to their next stage. */
  | ({ readonly kind: 'complaint'; readonly complaint: string } & OfHolds)
  | {
      readonly kind: 'appeal';
      readonly by: InstitutionPart;
      /** For whose sake: the account that is held. */
      readonly account: string;
      readonly appellant: string;
      readonly grounds: string;
    }
  | {
      readonly kind: 'decide';
      readonly by: OfficerPart;
      readonly account: string;
      readonly outcome: 'upheld' | 'dismissed';
      readonly grounds: string;
    }
  /** All that is held of the trace. */
  | ({ readonly kind: 'seize' } & WithSecond)
  | ({ readonly kind: 'confiscate' } & WithSecond)
  /** What was confiscated of the trace goes back to the victim’s account. */
  | ({
      readonly kind: 'return';
      readonly victim: string;
      readonly claim: string;
      readonly currency: string;
    } & WithSecond)
  | { readonly kind: 'nothing' };
