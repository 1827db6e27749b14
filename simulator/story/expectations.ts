import type { AlertKind } from '@bronze-drum/protocol/alerts';
import type { Language } from '@bronze-drum/protocol/languages';
import type { OrderKind, OrderState } from '@bronze-drum/protocol/orders';
import type { RequestRefusal, RequestState } from '@bronze-drum/protocol/requests';
import type { HoldState } from '@bronze-drum/protocol/statements/trace-report';
import { cast, type Cast } from './cast.ts';
import type { InstitutionPart, RequestPart } from './deeds.ts';

export interface Sum {
  readonly value: string;
  readonly currency: string;
}

export type Expectation =
  /** What the screening of this very step answered. */
  | { readonly kind: 'advice'; readonly identifier: string; readonly advice: string }
  /** What a member's server answers an officer now, or within the time that a statement takes. */
  | { readonly kind: 'listed'; readonly member: string; readonly identifier: string; readonly by: readonly string[] }
  /** An alert that an officer sees. */
  | {
      readonly kind: 'alert';
      readonly member: string;
      readonly officer: string;
      readonly subject: string;
      readonly reason: AlertKind;
      /** Which member told of it; absent where it was found at home. */
      readonly from?: string;
      readonly state?: string;
    }
  /** An alert that an institution is told. */
  | { readonly kind: 'told'; readonly to: InstitutionPart; readonly subject: string; readonly reason: AlertKind }
  /** The holds of a trace at a member: of one account, or of all together. Of those that were only ordered, what was ordered. */
  | {
      readonly kind: 'held';
      readonly member: string;
      /** An account by which the member knows the trace. */
      readonly trace: string;
      readonly account?: string;
      readonly amount: Sum;
      /** All of them are in one of these. */
      readonly states: readonly HoldState[];
      readonly stage?: string;
      /** So many seconds from now it ends, within a minute. */
      readonly endsIn?: number;
    }
  /** What a member's trace says that was lost: cash, spent, beyond reach. */
  | { readonly kind: 'lost'; readonly member: string; readonly trace: string; readonly amount: Sum }
  /** What these members together returned since the story began. */
  | { readonly kind: 'returned'; readonly members: readonly string[]; readonly amount: Sum }
  /** A request as a member's desk sees it. */
  | {
      readonly kind: 'request';
      readonly member: string;
      readonly request: RequestPart;
      readonly states: readonly RequestState[];
      readonly refusal?: RequestRefusal;
      /** Somebody wrote in it in this language. */
      readonly language?: Language;
    }
  /** An order in an institution's hands. */
  | {
      readonly kind: 'order';
      readonly by: InstitutionPart;
      readonly order: OrderKind;
      readonly subject: string;
      readonly states: readonly OrderState[];
    }
  /** Whoever is innocent stays out of it: no alert, and no listing, at any member of the story. */
  | { readonly kind: 'untouched'; readonly identifier: string };

/** An expectation for whoever watches, with each part's name and identifier, so that it can be looked up at the desks. */
export function expectationInWords(expectation: Expectation, parts: Cast): string {
  return inWords(expectation).replace(/\{([a-z-]+)\}/g, (braced, name: string) => `${name} (${cast(braced, parts)})`);
}

function inWords(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'advice':
      return `the answer about ${expectation.identifier} is ${expectation.advice}`;
    case 'listed':
      return `${expectation.member} knows that ${expectation.identifier} is listed by ${expectation.by.join(', ')}`;
    case 'alert': {
      const { member, officer, subject, reason, from, state } = expectation;
      const told = from === undefined ? '' : `, told by ${from}`;
      return `${officer} of ${member} is alerted to ${subject}: ${reason}${told}${state === undefined ? '' : `, ${state}`}`;
    }
    case 'told':
      return `${expectation.to.institution} of ${expectation.to.member} is told of ${expectation.subject}: ${expectation.reason}`;
    case 'held': {
      const { member, account, amount, states, stage } = expectation;
      const where = account === undefined ? `in ${member}` : `at ${account} in ${member}`;
      return `${sumInWords(amount)} ${where}: ${states.join(' or ')}${stage === undefined ? '' : `, stage ${stage}`}`;
    }
    case 'lost':
      return `${expectation.member} shows ${sumInWords(expectation.amount)} lost`;
    case 'returned':
      return `${sumInWords(expectation.amount)} returned by ${expectation.members.join(', ')}`;
    case 'request': {
      const { member, request, states, refusal, language } = expectation;
      const why = refusal === undefined ? '' : `: ${refusal}`;
      const said = language === undefined ? '' : `, with words in ${language}`;
      return `${member} sees the request ${request.request} of ${request.from} to ${request.to} ${states.join(' or ')}${why}${said}`;
    }
    case 'order': {
      const { by, order, subject, states } = expectation;
      return `${by.institution} of ${by.member} has the order ${order} about ${subject}: ${states.join(' or ')}`;
    }
    default:
      return `nobody is alerted to ${expectation.identifier}, and nobody lists it`;
  }
}

/** For currencies with hundredths, which those of the stories are. */
function sumInWords({ value, currency }: Sum): string {
  const whole = value.slice(0, -2) || '0';
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')} ${currency}`;
}
