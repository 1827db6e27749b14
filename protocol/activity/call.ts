import { Type, type Static } from 'typebox';
import { cell, common, device, identifierText, presented, strict } from './fields.ts';

/**
 * A call. The number that was presented to the called party and the one that the call came from are two things: the first
 * may be spoofed, and belong to somebody who knows nothing of it. At least one of them is known.
 */
export const Call = Type.Object(
  {
    ...common,
    originating: Type.Optional(identifierText('The number that the call came from, where the network knows it')),
    presented,
    called: identifierText('The number that was called'),
    durationSeconds: Type.Integer({ minimum: 0, maximum: 172_800 }),
    answered: Type.Boolean(),
    international: Type.Optional(Type.Boolean({ description: 'It came in over an international gateway' })),
    sim: Type.Optional(identifierText('The caller’s ICCID or IMSI')),
    device,
    cell,
  },
  strict,
);
export type Call = Static<typeof Call>;
