import type { OrderEnd, OrderKind, OrderOutcomeKind, OrderRefusal, OrderState } from '../orders.ts';
import type {
  answerForm,
  requestForms,
  RequestKind,
  RequestPriority,
  RequestPurpose,
  RequestRefusal,
  RequestState,
} from '../requests.ts';
import type { Offence, Tier, Typology } from '../statements/listing.ts';
import type { RequestDeed } from '../statements/request.ts';
import type { HoldState, PlaceEnd } from '../statements/trace-report.ts';

type AnyForm = (typeof requestForms)[RequestKind] | typeof answerForm;
type NamesIn<F> = F extends unknown ? keyof F : never;
/** The name of a field of any form: the same name bears the same label everywhere. */
export type FieldName = NamesIn<AnyForm>;
type CodesIn<F, N extends FieldName> =
  F extends Record<N, infer Field> ? (Field extends { codes: readonly (infer C)[] } ? C : never) : never;
/** The fields that hold codes, each with the codes that it may hold in any form. */
type CodedFields = { [N in FieldName as [CodesIn<AnyForm, N>] extends [never] ? never : N]: CodesIn<AnyForm, N> };

type Said<C> = Readonly<Record<C & string, string>>;

/** Every coded fact, by list and code, as an officer of one country says it. A language in which one is missing does not compile. */
export interface Phrases {
  readonly members: Said<'cn' | 'kh' | 'la' | 'mm' | 'th' | 'vn'>;
  readonly currencies: Said<'CNY' | 'KHR' | 'LAK' | 'MMK' | 'THB' | 'USD' | 'VND'>;
  readonly requestKinds: Said<RequestKind>;
  readonly fields: Said<FieldName>;
  /** By field. */
  readonly values: { readonly [N in keyof CodedFields]: Said<CodedFields[N]> };
  readonly requestRefusals: Said<RequestRefusal>;
  readonly purposes: Said<RequestPurpose>;
  readonly priorities: Said<RequestPriority>;
  readonly requestStates: Said<RequestState>;
  readonly deeds: Said<RequestDeed>;
  readonly offences: Said<Offence>;
  readonly typologies: Said<Typology>;
  readonly tiers: Said<Tier>;
  readonly orderKinds: Said<OrderKind>;
  readonly orderStates: Said<OrderState>;
  readonly orderOutcomes: Said<OrderOutcomeKind>;
  readonly orderRefusals: Said<OrderRefusal>;
  readonly orderEnds: Said<OrderEnd>;
  readonly holdStates: Said<HoldState>;
  readonly placeEnds: Said<PlaceEnd>;
  /** What a reader must keep to (Europol handling codes). */
  readonly conditions: Said<'H0' | 'H1' | 'H2' | 'H3'>;
  /** Of a request: which time runs, and who is told when it ran out. */
  readonly clocks: Said<'acknowledge' | 'act' | 'legal'>;
  readonly steps: Said<'officer' | 'deputy' | 'head'>;
}

export type CodeList = Exclude<keyof Phrases, 'values' | 'fields'>;

/** The sentences of letters, notices and alerts; `{name}` is a place that is filled in. */
export interface Sentences {
  readonly yes: string;
  readonly no: string;
  readonly none: string;
  /** Of a payment that names no account to which it went. */
  readonly cash: string;
  /** Of a currency whose minor unit is not known here. */
  readonly minorUnits: string;
  readonly bytes: string;
  readonly writtenIn: string;
  readonly request: string;
  readonly requestAsks: string;
  readonly requestCloses: string;
  readonly byStandingRule: string;
  readonly order: string;
  readonly orderTells: string;
  readonly orderCloses: string;
  readonly untilAnswered: string;
  readonly signHere: string;
  readonly printed: string;
  readonly labels: Readonly<Record<LabelName, string>>;
  readonly notice: Readonly<Record<'subject' | 'held' | 'why' | 'by' | 'until' | 'appeal' | 'beware', string>>;
  readonly reasons: Readonly<Record<ReasonName, string>>;
}

export type LabelName =
  | 'reference'
  | 'revision'
  | 'date'
  | 'from'
  | 'to'
  | 'desk'
  | 'officer'
  | 'subject'
  | 'priority'
  | 'offence'
  | 'purpose'
  | 'legalBasis'
  | 'necessity'
  | 'details'
  | 'course'
  | 'exhibits'
  | 'exhibit'
  | 'signature'
  | 'office'
  | 'signedAt'
  | 'handling'
  | 'joins'
  | 'case'
  | 'language'
  | 'refusal'
  | 'message'
  | 'paidFrom'
  | 'paidTo'
  | 'institution'
  | 'about'
  | 'toHold'
  | 'leave'
  | 'payment'
  | 'form'
  | 'safeHarbour'
  | 'callBack'
  | 'instruction'
  | 'issuedAt'
  | 'answerBy'
  | 'until'
  | 'state'
  | 'ended'
  | 'court';

export type ReasonName =
  | 'order.answered'
  | 'order.late'
  | 'order.unconfirmed'
  | 'request.received'
  | 'request.answered'
  | 'request.warned'
  | 'request.overdue'
  | 'funds.proposed'
  | 'funds.ending'
  | 'funds.refused'
  | 'funds.notice';
