import { Type, type Static } from 'typebox';
import { Amount, common, Customer, customerPhone, device, identifierText, ip, strict } from './fields.ts';

export const paymentChannels = ['mobile', 'web', 'branch', 'atm', 'card', 'qr', 'agent', 'exchange', 'other'] as const;
export const paymentStates = ['settled', 'pending', 'rejected', 'returned'] as const;
export const paymentSides = ['sender', 'receiver', 'both'] as const;

/**
 * Money that moved, or was to. An end that is missing is cash: at a counter, a machine or an agent. Both institutions of a
 * payment may report it, each with its own id; `reference` tells that it is one.
 */
export const Payment = Type.Object(
  {
    ...common,
    from: Type.Optional(identifierText('Account, wallet or proxy that the money leaves')),
    to: Type.Optional(identifierText('Account, wallet or proxy that the money reaches')),
    amount: Amount,
    asset: Type.Optional(
      Type.Object(
        {
          symbol: Type.String({ pattern: '^[A-Z0-9]{2,10}$' }),
          quantity: Type.String({ pattern: '^\\d{1,18}(\\.\\d{1,18})?$' }),
        },
        { ...strict, description: 'What was bought or sold for it, at an exchange' },
      ),
    ),
    channel: Type.Enum([...paymentChannels]),
    state: Type.Optional(Type.Enum([...paymentStates], { description: 'By default settled' })),
    side: Type.Optional(
      Type.Enum([...paymentSides], { description: 'Whose institution reports it; by default the sender’s' }),
    ),
    reference: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,64}$',
        description: 'What both institutions know it by: UETR or EndToEndId',
      }),
    ),
    balanceAfter: Type.Optional(
      Type.String({ pattern: '^-?\\d{1,18}$', description: 'Of the reporter’s own customer, in the same minor units' }),
    ),
    customer: Type.Optional(Customer),
    phone: customerPhone,
    device,
    ip,
  },
  strict,
);
export type Payment = Static<typeof Payment>;
