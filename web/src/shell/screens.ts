import type { NavigationLine, Room, ScreenAt } from '../link/room.ts';
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

/** In the order of the navigation. */
const rooms: readonly Room[] = [
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
];

export const screens: readonly ScreenAt[] = rooms.flatMap((room) => room.screens);
export const navigation: readonly NavigationLine[] = rooms.flatMap((room) => room.navigation ?? []);
