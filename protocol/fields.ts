import { Type, type Static, type TSchema } from 'typebox';
import { Amount } from './activity/fields.ts';
import { FreeText } from './languages.ts';
import { Instant } from './statements/envelope.ts';

/**
 * A form is a list of named, coded fields: the same list makes the schema of what is sent and the sentences in which it is
 * read, so that nothing can be sent that a reader in another language is not shown.
 */
export interface Field {
  readonly type: FieldType;
  readonly required: boolean;
  /** Of `code` and `codes`: what it may be. */
  readonly codes?: readonly string[];
}
export type Form = Readonly<Record<string, Field>>;

export type FieldType =
  | 'key'
  | 'keys'
  | 'amount'
  | 'instant'
  | 'text'
  | 'name'
  | 'country'
  | 'code'
  | 'codes'
  | 'count'
  | 'flag'
  | 'id'
  | 'payments';

/** Money that may be none: minor units of the currency. */
export const Money = Type.Object(
  { value: Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$' }), currency: Type.String({ pattern: '^[A-Z]{3}$' }) },
  { additionalProperties: false },
);
export type Money = Static<typeof Money>;

/** A payment as it is named to another member or an institution. */
export const NamedPayment = Type.Object(
  {
    from: Type.Optional(Type.String({ maxLength: 512, description: 'Key of the account that the money left' })),
    to: Type.Optional(Type.String({ maxLength: 512, description: 'Key of the account that it reached; absent: cash' })),
    amount: Amount,
    at: Instant,
    reference: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' })),
  },
  { additionalProperties: false },
);

interface Values {
  readonly key: string;
  readonly keys: readonly string[];
  readonly amount: Amount;
  readonly instant: string;
  readonly text: FreeText;
  readonly name: string;
  readonly country: string;
  readonly code: string;
  readonly codes: readonly string[];
  readonly count: number;
  readonly flag: boolean;
  readonly id: string;
  readonly payments: readonly NamedPayment[];
}
export interface NamedPayment {
  readonly from?: string;
  readonly to?: string;
  readonly amount: Amount;
  readonly at: string;
  readonly reference?: string;
}

/** The values of a form, as TypeScript sees them. */
export type ValuesOf<F extends Form> = {
  readonly [N in keyof F as F[N]['required'] extends true ? N : never]: Values[F[N]['type']];
} & { readonly [N in keyof F as F[N]['required'] extends true ? never : N]?: Values[F[N]['type']] };

export const listMax = 100;

const schemas: Readonly<Record<FieldType, (field: Field) => TSchema>> = {
  key: () => Type.String({ minLength: 3, maxLength: 2300, description: 'An identifier’s key' }),
  keys: () => Type.Array(Type.String({ minLength: 3, maxLength: 2300 }), { minItems: 1, maxItems: listMax }),
  amount: () => Amount,
  instant: () => Instant,
  text: () => FreeText,
  name: () => Type.String({ minLength: 1, maxLength: 200, description: 'A proper name or number, as it is written' }),
  country: () => Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' }),
  code: ({ codes = [] }) => Type.Enum([...codes]),
  codes: ({ codes = [] }) =>
    Type.Array(Type.Enum([...codes]), { minItems: 1, maxItems: codes.length, uniqueItems: true }),
  count: () => Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  flag: () => Type.Boolean(),
  id: () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  payments: () => Type.Array(NamedPayment, { minItems: 1, maxItems: listMax }),
};

/** The schema of a form's values. */
export const schemaOf = (form: Form): TSchema =>
  Type.Object(
    Object.fromEntries(
      Object.entries(form).map(([name, field]) => {
        const schema = schemas[field.type](field);
        return [name, field.required ? schema : Type.Optional(schema)];
      }),
    ),
    { additionalProperties: false },
  );
