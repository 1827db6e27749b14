import { askerOf } from './asking.ts';
import { fakeBaseStation } from './detectors/fake-base-station.ts';
import { roamingSwarm } from './detectors/roaming-swarm.ts';
import { cellJoin } from './joins.ts';
import { keysOfPairs, type Act, type TrafficState } from './line-state.ts';
import type { StationView, SwarmView } from './line-view.ts';
import { nationOfCell, nationOfNumber, unknown } from './number-nations.ts';
import type { Sight } from './sight.ts';
import { noPair } from './state/recent-pairs.ts';
import type { Found, Ground } from './watch.ts';

const numbersMax = 512;

/** What goes on in cells; joined by the cell. */
export interface CellTraffic {
  /** A number calls or writes in a cell; `isEveryday` unless it hides who it is. */
  act(act: Act, isEveryday: boolean): void;
  /** A message is received in a cell. */
  received(sight: Sight<'message'>, found: Found): void;
}

export function openCellTraffic(ground: Ground, state: TrafficState): CellTraffic {
  const { numbers, cellNames, lines, cells, inCells, received, began } = state;
  const ask = askerOf(ground);
  let act: Act;
  let cell = 0;

  const foreignerAt = (pair: number): string | undefined =>
    inCells.mark(pair) === 1 && inCells.b(pair) !== act.number ? numbers.keyOf(inCells.b(pair)) : undefined;

  const swarm: SwarmView = {
    newestMs: 0,
    cell: '',
    foreignActs: (sinceMs) => cells.foreign(cell, sinceMs),
    ownActs: (sinceMs) => lines.acts(act.number, sinceMs),
    numbers: numbersIn,
    others: (sinceMs) =>
      keysOfPairs(inCells, inCells.firstOfA(cell), { sinceMs, next: inCells.nextOfA, key: foreignerAt }),
  };
  const station: StationView = {
    cell: '',
    newestMs: 0,
    firstAtMs: 0,
    beganMs: 0,
    everyday: 0,
    shown: '',
    recipients: (sinceMs, most) => received.countOfA(cell, sinceMs, most),
  };

  function numbersIn(sinceMs: number): { all: number; foreign: number } {
    let all = 0;
    let foreign = 0;
    for (let pair = inCells.firstOfA(cell); pair !== noPair && all < numbersMax; pair = inCells.nextOfA(pair)) {
      if (inCells.atMs(pair) < sinceMs) break;
      all += 1;
      foreign += inCells.mark(pair);
    }
    return { all, foreign };
  }

  return {
    act(next, isEveryday) {
      act = next;
      cell = act.cell;
      const { cellName, key, atMs, found } = act;
      const nation = nationOfNumber(key);
      const isForeign = nation !== unknown && nation !== nationOfCell(cellName);
      cells.note(cell, atMs, isForeign);
      if (isEveryday) cells.everyday[cell]! += 1;
      inCells.touch(cell, act.number, atMs, isForeign ? 1 : 0);
      if (!isForeign) return;
      swarm.newestMs = inCells.atMs(inCells.firstOfA(cell));
      swarm.cell = cellName;
      ask(roamingSwarm, swarm, { join: cellJoin(cellName), subject: key, found });
    },
    received({ record, atMs }, found) {
      const { to, links, presented, originating } = record;
      if (record.cell === undefined || links === undefined || links.length === 0 || !to.startsWith('phone:')) return;
      if (presented === undefined || presented === originating) return;
      cell = cellNames.take(record.cell, atMs);
      cells.note(cell, atMs, false);
      received.touch(cell, numbers.take(to, atMs), atMs);
      station.cell = record.cell;
      station.newestMs = received.atMs(received.firstOfA(cell));
      station.firstAtMs = cells.firstAtMs[cell]!;
      station.beganMs = began[0]!;
      station.everyday = cells.everyday[cell]!;
      station.shown = presented;
      ask(fakeBaseStation, station, { join: cellJoin(record.cell), subject: links[0]!, found });
    },
  };
}
