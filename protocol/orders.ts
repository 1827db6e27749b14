import { Type, type Static } from 'typebox';
import { Amount } from './activity/fields.ts';
import { Money, NamedPayment } from './fields.ts';
import { FreeText } from './languages.ts';
import { Instant } from './statements/envelope.ts';
import { ExhibitRef, exhibitsMax } from './statements/exhibit.ts';

/** What an institution can be told to do. A new kind goes to the end. */
export const orderKinds = [
  'hold-amount',
  'block-number',
  'preserve-records',
  'identify-holder',
  'report-onward',
] as const;
export type OrderKind = (typeof orderKinds)[number];

/** `issued` until it is answered; `ended` once it no longer binds, whatever was answered. */
export const orderStates = ['issued', 'placed', 'partly', 'gone', 'refused', 'ended'] as const;
export type OrderState = (typeof orderStates)[number];

export const orderOutcomes = ['placed', 'partly', 'gone', 'refused'] as const;
export type OrderOutcomeKind = (typeof orderOutcomes)[number];

/** Why an institution refuses. */
export const orderRefusals = [
  'not-our-customer',
  'account-closed',
  'form',
  'signature',
  'legal-basis',
  'court-order-needed',
  'amount',
  'technical',
  'protected-account',
] as const;
export type OrderRefusal = (typeof orderRefusals)[number];

/** Why an order no longer binds. After `seized` the money stays where it is, under the court’s order. */
export const orderEnds = ['released', 'expired', 'seized', 'fulfilled', 'withdrawn', 'superseded'] as const;
export type OrderEnd = (typeof orderEnds)[number];

const strict = { additionalProperties: false } as const;
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const Minor = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$', description: 'Minor units of the currency' });

/**
 * What an institution is bound by. `signature` is the issuing office's, Ed25519 over the UTF-8 bytes of `orderText`, in
 * base64url; the office's public key is at `GET /v1/orders/keys`.
 */
export const OrderTerms = Type.Object(
  {
    id: Uuid,
    revision: Type.Integer({ minimum: 1 }),
    kind: Type.Enum([...orderKinds]),
    institution: Type.String({ maxLength: 64 }),
    office: Type.String({ maxLength: 64 }),
    /** The account or number that it is about, as its key. */
    subject: Type.String({ minLength: 3, maxLength: 2300 }),
    amount: Type.Optional(Amount),
    /** What stays at the customer’s disposal, whatever the amount: of the balance only what is above it is held. */
    leave: Type.Optional(Money),
    /** The payment because of which it is ordered, so that the institution finds it. */
    payment: Type.Optional(NamedPayment),
    legalBasis: Type.String({ minLength: 1, maxLength: 500 }),
    form: Type.String({ minLength: 1, maxLength: 200, description: 'What the law of the country calls such an order' }),
    safeHarbour: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'The rule that protects an institution which carries it out in good faith',
    }),
    callBack: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The telephone number at which the office confirms that it is genuine',
    }),
    text: Type.Optional(FreeText),
    issuedAt: Instant,
    answerBy: Instant,
    /** When it ends by itself; absent: once it is answered. */
    until: Type.Optional(Instant),
    exhibits: Type.Array(ExhibitRef, { maxItems: exhibitsMax }),
    signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
  },
  strict,
);
export type OrderTerms = Static<typeof OrderTerms>;

/** An order as it stands. */
export const Order = Type.Object(
  {
    ...OrderTerms.properties,
    state: Type.Enum([...orderStates]),
    ended: Type.Optional(
      Type.Object(
        {
          why: Type.Enum([...orderEnds]),
          at: Instant,
          court: Type.Optional(Type.String({ maxLength: 200 })),
          /** By when the institution confirms that it carried out the end; absent: nobody asks. */
          confirmBy: Type.Optional(Instant),
          confirmedAt: Type.Optional(Instant),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type Order = Static<typeof Order>;

/** The public key of an office that issues orders: the raw 32 bytes in base64url. */
export const OfficeKey = Type.Object(
  {
    office: Type.String({ maxLength: 64 }),
    algorithm: Type.Literal('Ed25519'),
    publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  },
  strict,
);
export type OfficeKey = Static<typeof OfficeKey>;

/** What an institution answers. The same again is acknowledged again; what it says later stands. */
export const OrderOutcome = Type.Object(
  {
    outcome: Type.Enum([...orderOutcomes]),
    /** Of the order that is answered: refused if a newer one stands. Absent: the newest. */
    revision: Type.Optional(Type.Integer({ minimum: 1 })),
    /** Of `hold-amount`: how much is held now, never more than was ordered. */
    held: Type.Optional(Minor),
    /** What is no longer there of the amount. */
    gone: Type.Optional(Minor),
    /** The payments by which it went on; of `report-onward`, all of them since the first. */
    onward: Type.Optional(Type.Array(NamedPayment, { maxItems: 1000 })),
    /** Of the account now, in the minor units of the order’s currency. */
    balance: Type.Optional(Minor),
    refusal: Type.Optional(Type.Enum([...orderRefusals])),
    /** The institution’s own file. */
    reference: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' })),
    note: Type.Optional(FreeText),
    exhibits: Type.Optional(Type.Array(ExhibitRef, { maxItems: exhibitsMax })),
  },
  strict,
);
export type OrderOutcome = Static<typeof OrderOutcome>;

/** What the issuing office signs: everything that binds the institution, one line each, in this order. */
export function orderText(order: Omit<OrderTerms, 'signature'>): string {
  const { amount, leave, payment, text, exhibits } = order;
  const lines = [
    'bronze-drum order v1',
    order.id,
    String(order.revision),
    order.kind,
    order.institution,
    order.office,
    order.subject,
    amount === undefined ? '' : `${amount.value} ${amount.currency}`,
    leave === undefined ? '' : `${leave.value} ${leave.currency}`,
    payment === undefined
      ? ''
      : JSON.stringify([
          payment.from ?? null,
          payment.to ?? null,
          payment.amount.value,
          payment.amount.currency,
          payment.at,
          payment.reference ?? null,
        ]),
    order.legalBasis,
    order.form,
    order.safeHarbour,
    order.callBack,
    text === undefined ? '' : JSON.stringify([text.language, text.text]),
    order.issuedAt,
    order.answerBy,
    order.until ?? '',
    JSON.stringify(
      exhibits.map(({ id, sha256, bytes, mediaType, title }) => [id, sha256, String(bytes), mediaType, title]),
    ),
  ];
  // No two orders have one text: what would end a line is written out.
  const escaped = lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
  return `${escaped.join('\n')}\n`;
}
