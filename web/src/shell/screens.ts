import type { NavigationLine, Room, ScreenAt } from '../link/room.ts';
import { loadWords } from '../ui/words.ts';
import { room as access } from '../rooms/access/room.ts';
import { room as alerts } from '../rooms/alerts/room.ts';
import { room as detection } from '../rooms/detection/room.ts';
import { room as federation } from '../rooms/federation/room.ts';
import { room as funds } from '../rooms/funds/room.ts';
import { room as institution } from '../rooms/institution/room.ts';
import { room as journal } from '../rooms/journal/room.ts';
import { room as liaison } from '../rooms/liaison/room.ts';
import { room as orders } from '../rooms/orders/room.ts';
import { room as redress } from '../rooms/redress/room.ts';
import { room as registry } from '../rooms/registry/room.ts';
import { room as situation } from '../rooms/situation/room.ts';

/** In the order of the navigation, by the name that a room shares with its words. */
const rooms: Readonly<Record<string, Room>> = {
  situation,
  alerts,
  registry,
  detection,
  funds,
  orders,
  redress,
  liaison,
  federation,
  journal,
  access,
  institution,
};

/** A screen comes together with its words, not one after the other. */
export const screens: readonly ScreenAt[] = Object.entries(rooms).flatMap(([name, room]) =>
  room.screens.map((screen) => ({
    ...screen,
    load: async () => (await Promise.all([screen.load(), loadWords(name)]))[0],
  })),
);
export const navigation: readonly NavigationLine[] = Object.values(rooms).flatMap((room) => room.navigation ?? []);
