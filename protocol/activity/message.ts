import { Type, type Static } from 'typebox';
import { cell, common, device, identifierText, presented, strict } from './fields.ts';

export const messageChannels = ['sms', 'mms', 'rcs', 'chat', 'email'] as const;

/** A message without its text: who sent it, to whom, and where its links lead. */
export const Message = Type.Object(
  {
    ...common,
    originating: Type.Optional(identifierText('The number, address or handle that it came from')),
    presented,
    to: identifierText('The number, address or handle that it was sent to'),
    channel: Type.Enum([...messageChannels]),
    links: Type.Optional(Type.Array(identifierText('A link in it'), { maxItems: 10 })),
    sim: Type.Optional(identifierText('The sender’s ICCID or IMSI')),
    device,
    cell,
  },
  strict,
);
export type Message = Static<typeof Message>;
