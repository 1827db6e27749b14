import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { mix } from '../chance/mix.ts';
import { letters } from '../chance/spelling.ts';
import { happened, openClerk, type Deed, type Draft } from './clerk.ts';
import type { Ground, Line } from './ground.ts';
import type { Happening } from './happening.ts';
import type { Reporter } from './institutions.ts';
import type { Nation } from './nations.ts';
import { paymentRecords, type PaymentDeed } from './payment-records.ts';
import { holderOf, type Account } from './people.ts';

export interface CallDeed extends Deed {
  readonly from: Line;
  /** If it is not the number that the call comes from. */
  readonly presented?: Line;
  readonly to: Line;
  readonly durationSeconds: number;
  readonly answered: boolean;
  readonly device?: number;
  readonly cell: string;
  /** Abroad: whose network it is in, which tells of the call. */
  readonly visiting?: Reporter;
}

export interface MessageDeed extends Deed {
  readonly from?: Line | { readonly handle: string; readonly nation: Nation };
  readonly presented?: string;
  readonly to: Line | { readonly handle: string; readonly nation: Nation };
  readonly channel: 'sms' | 'chat';
  readonly links?: readonly string[];
  readonly device?: number;
  readonly cell?: string;
}

export interface LoginDeed extends Deed {
  readonly account: Account;
  readonly outcome: 'ok' | 'failed';
  readonly method: 'password' | 'biometric' | 'one-time-code';
  readonly newDevice: boolean;
  readonly remoteAccess: boolean;
  readonly device: number;
  readonly ip: string;
}

export interface SimDeed extends Deed {
  readonly event: ActivityRecords['sim']['event'];
  readonly line: Line;
  readonly subscriber: number;
  readonly check: 'document' | 'liveness' | 'none';
  readonly device?: number;
  readonly cell: string;
}

export interface Records {
  payment(deed: PaymentDeed): Happening;
  call(deed: CallDeed): Happening;
  message(deed: MessageDeed): Happening;
  login(deed: LoginDeed): Happening;
  sim(deed: SimDeed): Happening;
}

export function openRecords(ground: Ground): Records {
  const { keys } = ground;
  const clerk = openClerk(ground);

  function call(deed: CallDeed): Happening {
    const { from, to } = deed;
    const phone = ground.phone(from);
    const draft: Draft<'call'> = {
      originating: phone,
      presented: deed.presented === undefined ? phone : ground.phone(deed.presented),
      called: ground.phone(to),
      durationSeconds: deed.durationSeconds,
      answered: deed.answered,
    };
    const abroad = from.nation !== to.nation;
    const outgoing: Draft<'call'> = { ...draft, international: abroad };
    if (from.fixed !== true) outgoing.sim = ground.card(from);
    if (deed.device !== undefined) outgoing.device = keys.device(deed.device);
    outgoing.cell = deed.cell;
    return happened(
      deed,
      clerk.write(deed.visiting ?? ground.operator(from), 'call', deed, outgoing),
      abroad ? clerk.write(ground.operator(to), 'call', deed, { ...draft, international: true }) : undefined,
    );
  }

  const address = (end: Line | { readonly handle: string }): string =>
    'handle' in end ? end.handle : ground.phone(end);

  function message(deed: MessageDeed): Happening {
    const draft: Draft<'message'> = { to: address(deed.to), channel: deed.channel };
    if (deed.from !== undefined) draft.originating = address(deed.from);
    if (deed.presented !== undefined) draft.presented = deed.presented;
    if (deed.links !== undefined) draft.links = [...deed.links];
    if (deed.from !== undefined && !('handle' in deed.from)) {
      draft.sim = ground.card(deed.from);
      if (deed.device !== undefined) draft.device = keys.device(deed.device);
    }
    // Of a message without a number, it is where it was received.
    if (deed.cell !== undefined) draft.cell = deed.cell;
    const by =
      deed.channel === 'chat' ? ground.platform(deed.to.nation) : ground.operator((deed.from ?? deed.to) as Line);
    return happened(deed, clerk.write(by, 'message', deed, draft));
  }

  function login(deed: LoginDeed): Happening {
    const by = ground.keeper(deed.account);
    const draft: Draft<'login'> = {
      account: ground.keyOf(deed.account),
      outcome: deed.outcome,
      method: deed.method,
      newDevice: deed.newDevice,
      remoteAccess: deed.remoteAccess,
    };
    if (by.tellsDevices) {
      draft.phone = ground.phone(ground.lineOf(holderOf(deed.account)));
      draft.device = keys.device(deed.device);
      draft.ip = deed.ip;
    }
    return happened(deed, clerk.write(by, 'login', deed, draft));
  }

  function sim(deed: SimDeed): Happening {
    const by = ground.operator(deed.line);
    const draft: Draft<'sim'> = {
      event: deed.event,
      phone: ground.phone(deed.line),
      sim: ground.card(deed.line),
      subscriber: letters(mix(by.bits, deed.subscriber)),
      check: deed.check,
    };
    if (deed.device !== undefined) draft.device = keys.device(deed.device);
    draft.cell = deed.cell;
    return happened(deed, clerk.write(by, 'sim', deed, draft));
  }

  return { payment: paymentRecords(ground, clerk), call, message, login, sim };
}
