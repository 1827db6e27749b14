import { Type, type Static, type TSchema } from 'typebox';
import { FreeText } from '@bronze-drum/protocol/languages';
import { Instant } from '@bronze-drum/protocol/statements/envelope';

const strict = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 36 });
const Name = Type.String({ pattern: '^[a-z][a-z0-9-]{1,62}$', maxLength: 63 });
const Reach = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'A telephone number or other way to reach the officer; it stays at home',
});

export const NewShift = Type.Object({ officer: Name, from: Instant, until: Instant, reach: Reach }, strict);
export type NewShift = Static<typeof NewShift>;
export const Shift = Type.Object({ id: Uuid, ...NewShift.properties, handedOver: Type.Boolean() }, { title: 'Shift' });
export type Shift = Static<typeof Shift>;
export const ShiftQuery = Type.Object(
  {
    from: Type.Optional({ ...Instant, description: 'By default now' }),
    until: Type.Optional({ ...Instant, description: 'By default in four weeks' }),
    after: Type.Optional(Type.String({ maxLength: 400, description: 'The last page’s `next`' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 100 }),
  },
  strict,
);
export type ShiftQuery = Static<typeof ShiftQuery>;
export const ShiftPage = Type.Object(
  { shifts: Type.Array(Shift, { maxItems: 200 }), next: Type.Optional(Type.String()) },
  { title: 'ShiftPage' },
);
export type ShiftPage = Static<typeof ShiftPage>;
export const ShiftId = Type.Object({ id: Uuid }, strict);

export const DeskBody = Type.Object(
  { name: Name, deputy: Nullable(Name), head: Nullable(Name) },
  { ...strict, title: 'LiaisonDesk', description: 'The desk, and by their ids its deputy and head' },
);
export type DeskBody = Static<typeof DeskBody>;
export const OnDuty = Type.Object(
  { at: Instant, desk: DeskBody, shifts: Type.Array(Shift, { maxItems: 100 }) },
  { title: 'OnDuty' },
);
export type OnDuty = Static<typeof OnDuty>;

export const HandOver = Type.Object({ to: Name, note: FreeText }, strict);
export type HandOver = Static<typeof HandOver>;
export const HandedOver = Type.Object({ requests: Type.Array(Uuid, { maxItems: 1000 }) }, { title: 'HandedOver' });
export type HandedOver = Static<typeof HandedOver>;
