import { Type, type Static } from 'typebox';
import { cell, common, device, identifierText, strict } from './fields.ts';

export const simEvents = ['registration', 'swap', 'port-in', 'port-out', 'end'] as const;
export const simChecks = ['document', 'liveness', 'none'] as const;

/** What became of a subscription: registered, its card swapped, ported, or ended. */
export const Sim = Type.Object(
  {
    ...common,
    event: Type.Enum([...simEvents]),
    phone: identifierText('The number'),
    sim: Type.Optional(identifierText('The new ICCID or IMSI')),
    subscriber: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,64}$',
        description: 'The operator’s own pseudonym of its subscriber; never a document’s number',
      }),
    ),
    check: Type.Optional(Type.Enum([...simChecks], { description: 'How the subscriber was identified' })),
    device,
    cell,
  },
  strict,
);
export type Sim = Static<typeof Sim>;
