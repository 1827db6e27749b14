import type { TSchema } from 'typebox';
import { Call } from './call.ts';
import { Login } from './login.ts';
import { Message } from './message.ts';
import { Payment } from './payment.ts';
import { Sim } from './sim.ts';

/** The kinds of activity in the order of their numbers, which are kept: a new one goes to the end. */
export const activityKinds = ['payment', 'call', 'message', 'login', 'sim'] as const;
export type ActivityKind = (typeof activityKinds)[number];

export const recordSchemas = {
  payment: Payment,
  call: Call,
  message: Message,
  login: Login,
  sim: Sim,
} as const satisfies Record<ActivityKind, TSchema>;

export interface ActivityRecords {
  readonly payment: Payment;
  readonly call: Call;
  readonly message: Message;
  readonly login: Login;
  readonly sim: Sim;
}
export type ActivityRecord = ActivityRecords[ActivityKind];
