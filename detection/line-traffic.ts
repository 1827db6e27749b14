import { askerOf } from './asking.ts';
import { simBox } from './detectors/sim-box.ts';
import { deviceJoin } from './joins.ts';
import { openCellTraffic } from './line-cells.ts';
import { openRotation } from './line-rotation.ts';
import { identifierOf, noSlot, openTrafficState, type Act, type TrafficSizes } from './line-state.ts';
import type { CallerView } from './line-view.ts';
import type { Sight } from './sight.ts';
import type { Kept } from './state/arrays.ts';
import type { Interner } from './state/interner.ts';
import { callSpanMsMax } from './state/lines.ts';
import { nameOfText } from './state/recent.ts';
import type { Found, Ground } from './watch.ts';

/** Who calls and writes from where, with what. */
export interface Traffic extends Kept {
  call(sight: Sight<'call'>, found: Found): void;
  message(sight: Sight<'message'>, found: Found): void;
  sim(sight: Sight<'sim'>): void;
  forget(number: number): void;
}

export interface TrafficParts {
  readonly ground: Ground;
  readonly numbers: Interner;
  readonly sizes: TrafficSizes;
}

/** Whoever calls less is not looked at more closely. */
const callsToLook = 8;

export function openTraffic({ ground, numbers, sizes }: TrafficParts): Traffic {
  const ask = askerOf(ground);
  const state = openTrafficState(numbers, sizes);
  const { lines, cells, callees, callerCells, devices, cellNames, began } = state;
  const rotation = openRotation(ground, state);
  const cellTraffic = openCellTraffic(ground, state);
  let number = 0;
  const caller: CallerView = {
    isMobile: false,
    newestMs: 0,
    votes: 0,
    sim: undefined,
    device: undefined,
    cell: undefined,
    outgoing: (sinceMs) => lines.outgoing(number, sinceMs),
    incoming: (sinceMs) => lines.incoming(number, sinceMs),
    callees: (sinceMs, most) => callees.countOfA(number, sinceMs, most),
    cells: (sinceMs, most) => callerCells.countOfA(number, sinceMs, most),
  };

  function actOf(
    { institution, atMs, record }: Sight<'call' | 'message'>,
    { key, shown, found }: Pick<Act, 'key' | 'shown' | 'found'>,
  ): Act {
    const deviceKey = record.device === undefined ? '' : deviceJoin(institution, record.device);
    const cellName = record.cell ?? '';
    return {
      number,
      key,
      atMs,
      shown,
      found,
      deviceKey,
      device: deviceKey === '' ? noSlot : devices.take(deviceKey, atMs),
      cellName,
      cell: cellName === '' ? noSlot : cellNames.take(cellName, atMs),
    };
  }

  function noteCall({ record, atMs }: Sight<'call'>, called: number, { key, cell, shown, found }: Act): void {
    if (!lines.called(number, called, { atMs, shown })) return;
    if (lines.outgoing(number, atMs - callSpanMsMax) < callsToLook) return;
    callees.touch(number, called, atMs);
    if (cell !== noSlot) callerCells.touch(number, cell, atMs);
    caller.isMobile = record.sim !== undefined || record.device !== undefined;
    caller.newestMs = callees.atMs(callees.firstOfA(number));
    caller.votes = lines.votes(number);
    caller.sim = record.sim;
    caller.device = identifierOf(record.device);
    caller.cell = record.cell;
    ask(simBox, caller, { join: key, subject: key, found });
  }

  function noteAct(act: Act, isEveryday: boolean): void {
    if (act.cell !== noSlot) cellTraffic.act(act, isEveryday);
    if (act.device !== noSlot) rotation(act);
  }

  const begin = (atMs: number): void => {
    if (began[0] === 0) began[0] = atMs;
  };

  return {
    call(sight, found) {
      const { record, atMs } = sight;
      begin(atMs);
      const key = record.originating ?? record.sim;
      // Of a number that was only shown, nothing is kept: it belongs to somebody who knows nothing of the call.
      if (key === undefined) return;
      number = numbers.take(key, atMs);
      const called = numbers.take(record.called, atMs);
      // Older than all that is known: the one took the place of the other.
      if (called === number) return;
      const { presented } = record;
      const isShown = presented !== undefined && presented !== record.originating;
      const act = actOf(sight, { key, shown: isShown ? nameOfText(presented) % 2 ** 31 : 0, found });
      noteCall(sight, called, act);
      noteAct(act, true);
    },
    message(sight, found) {
      const { record, atMs } = sight;
      begin(atMs);
      const { originating, presented } = record;
      const key = originating?.startsWith('phone:') === true ? originating : record.sim;
      if (key !== undefined) {
        number = numbers.take(key, atMs);
        lines.wrote(number, atMs);
        noteAct(actOf(sight, { key, shown: 0, found }), presented === undefined || presented === originating);
      }
      cellTraffic.received(sight, found);
    },
    sim({ record, atMs }) {
      begin(atMs);
      if (record.cell === undefined) return;
      const cell = cellNames.take(record.cell, atMs);
      cells.note(cell, atMs, false);
      cells.everyday[cell]! += 1;
    },
    forget: state.forget,
    arrays: state.arrays,
  };
}
