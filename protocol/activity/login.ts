import { Type, type Static } from 'typebox';
import { common, customerPhone, device, identifierText, ip, strict } from './fields.ts';

export const loginOutcomes = ['ok', 'failed', 'blocked'] as const;
export const loginMethods = ['password', 'biometric', 'one-time-code', 'other'] as const;

/** That somebody signed in to an account, or tried to. */
export const Login = Type.Object(
  {
    ...common,
    account: identifierText('The account, wallet or handle'),
    outcome: Type.Enum([...loginOutcomes]),
    method: Type.Optional(Type.Enum([...loginMethods])),
    newDevice: Type.Optional(Type.Boolean()),
    remoteAccess: Type.Optional(Type.Boolean({ description: 'A tool for remote control was running' })),
    phone: customerPhone,
    device,
    ip,
  },
  strict,
);
export type Login = Static<typeof Login>;
