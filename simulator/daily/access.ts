import type { Line } from '../world/ground.ts';
import { accountOf, linePlaces, placeOf } from '../world/people.ts';
import { addressOf, cellOf, usedAccount, type Moment } from './moment.ts';

export function login(moment: Moment): void {
  const { chance, ground, records, person, atMs } = moment;
  const account = usedAccount(moment);
  const newDevice = chance.is(0.012);
  const remoteAccess = chance.is(0.0015);
  const failed = chance.is(newDevice ? 0.2 : 0.035);
  const method = newDevice ? 'one-time-code' : chance.pick(['biometric', 'biometric', 'password'] as const);
  const ip = addressOf(moment);
  const deed = moment.deed();
  ground.agenda.add(atMs, () => {
    if (newDevice) ground.changeDevice(person);
    const device = ground.screen(account);
    return records.login({
      ...deed,
      account,
      outcome: failed ? 'failed' : 'ok',
      method,
      newDevice,
      remoteAccess,
      device,
      ip,
    });
  });
}

const events = ['registration', 'swap', 'port-in', 'port-out', 'end'] as const;
const eventWeights = [52, 14, 12, 12, 10] as const;

/** Cards are lost, telephones stolen, contracts changed; sometimes the account is opened again from the new card at once. */
export function sim(moment: Moment): void {
  const { chance, ground, records, person, nation, atMs } = moment;
  const event = events[chance.weighted(eventWeights)]!;
  // A second number of the same person has a place of its own.
  const line: Line =
    event === 'registration' ? { nation, place: linePlaces.second + placeOf(person) } : ground.lineOf(person);
  const check = chance.pick(['document', 'liveness', 'liveness'] as const);
  const cell = cellOf(moment, line, person);
  const deed = moment.deed();
  const again = event === 'swap' && chance.is(0.4) ? moment.deed() : undefined;
  const ip = addressOf(moment);
  ground.agenda.add(atMs, () => {
    if (event === 'swap') ground.changeCard(line);
    return records.sim({ ...deed, event, line, subscriber: person, check, device: ground.device(person), cell });
  });
  if (again === undefined) return;
  const laterMs = atMs + 300_000 + chance.below(7_200_000);
  ground.agenda.add(laterMs, () => {
    ground.changeDevice(person);
    const device = ground.screen(accountOf(person, 0));
    const same = { outcome: 'ok', method: 'one-time-code', newDevice: true, remoteAccess: false } as const;
    return records.login({ ...again, atMs: laterMs, account: accountOf(person, 0), ...same, device, ip });
  });
}
