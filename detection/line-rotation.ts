import { askerOf } from './asking.ts';
import type { Verdict } from './detector.ts';
import { numberRotation } from './detectors/number-rotation.ts';
import { identifierOf, keysOfPairs, noSlot, type Act, type TrafficState } from './line-state.ts';
import type { RotationView } from './line-view.ts';
import { noPair } from './state/recent-pairs.ts';
import type { Ground } from './watch.ts';

/** With fewer numbers a device's cells are not kept. */
const numbersToLook = 3;
const knownMax = 64;

/** Devices on which numbers change, joined by the device; numbers that change devices, joined by the number. */
export function openRotation(ground: Ground, state: TrafficState): (act: Act) => void {
  const { numbers, devices, lines, deviceTraffic, onDevices, deviceCells, callerCells } = state;
  const ask = askerOf(ground);
  let act: Act;

  const numberAt = (pair: number): string | undefined =>
    onDevices.b(pair) === act.number ? undefined : numbers.keyOf(onDevices.b(pair));
  const deviceAt = (pair: number): string | undefined =>
    onDevices.a(pair) === act.device ? undefined : identifierOf(devices.keyOf(onDevices.a(pair)));

  const changingNumbers: RotationView = {
    by: 'device',
    newestMs: 0,
    known: 0,
    device: undefined,
    count: (sinceMs, most) => onDevices.countOfA(act.device, sinceMs, most),
    cells: (sinceMs, most) => deviceCells.countOfA(act.device, sinceMs, most),
    traffic: (sinceMs) => deviceTraffic.sum(act.device, 0, sinceMs),
    desks: desksOf,
    others: (sinceMs) =>
      keysOfPairs(onDevices, onDevices.firstOfA(act.device), { sinceMs, next: onDevices.nextOfA, key: numberAt }),
  };
  const changingDevices: RotationView = {
    by: 'number',
    newestMs: 0,
    known: 0,
    device: undefined,
    count: (sinceMs, most) => onDevices.countOfB(act.number, sinceMs, most),
    cells: (sinceMs, most) => callerCells.countOfA(act.number, sinceMs, most),
    traffic: (sinceMs) => lines.acts(act.number, sinceMs),
    desks: () => 0,
    others: (sinceMs) =>
      keysOfPairs(onDevices, onDevices.firstOfB(act.number), { sinceMs, next: onDevices.nextOfB, key: deviceAt }),
  };

  /** By the majority vote of Boyer and Moore, and a second look. */
  function desksOf(sinceMs: number): number {
    let main = 0;
    let votes = 0;
    for (let pair = onDevices.firstOfA(act.device); isSince(pair, sinceMs); pair = onDevices.nextOfA(pair)) {
      if (votes === 0) main = onDevices.mark(pair);
      votes += onDevices.mark(pair) === main ? 1 : -1;
    }
    let desks = 0;
    for (let pair = onDevices.firstOfA(act.device); isSince(pair, sinceMs); pair = onDevices.nextOfA(pair))
      if (main !== 0 && onDevices.mark(pair) === main) desks += 1;
    return desks;
  }

  const isSince = (pair: number, sinceMs: number): boolean => pair !== noPair && onDevices.atMs(pair) >= sinceMs;

  function seeDevice(isNew: boolean, known: number): void {
    const { device, deviceKey, key, atMs, cell, found } = act;
    if (cell !== noSlot) deviceCells.touch(device, cell, atMs);
    changingNumbers.known = known;
    changingNumbers.newestMs = onDevices.atMs(onDevices.firstOfA(device));
    changingNumbers.device = identifierOf(deviceKey);
    const verdict = ask(numberRotation, changingNumbers, { join: deviceKey, subject: key, found });
    if (verdict !== undefined && isNew) spread(verdict);
  }

  /** With one more number, those that were used on the device before are seen anew. */
  function spread(verdict: Verdict): void {
    for (const other of verdict.counterparts) {
      if (!other.startsWith('phone:')) continue;
      const counterparts = verdict.counterparts.map((each) => (each === other ? act.key : each));
      act.found(numberRotation, other, { ...verdict, counterparts });
    }
  }

  return (next) => {
    act = next;
    const { device, deviceKey, number, key, atMs, shown, found } = act;
    deviceTraffic.add(device, 0, atMs);
    const isNew = onDevices.touch(device, number, atMs, shown);
    const numbersKnown = onDevices.knownOfA(device);
    if (numbersKnown >= numbersToLook) seeDevice(isNew, numbersKnown);
    const devicesKnown = onDevices.countOfB(number, 0, knownMax);
    if (devicesKnown < numbersToLook) return;
    changingDevices.known = devicesKnown;
    changingDevices.newestMs = onDevices.atMs(onDevices.firstOfB(number));
    changingDevices.device = identifierOf(deviceKey);
    ask(numberRotation, changingDevices, { join: key, subject: key, found });
  };
}
