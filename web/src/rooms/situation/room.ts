import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [{ path: '/', load: () => import('./situation.tsx') }],
  navigation: [{ path: '/', label: 'nav.situation', group: 'now', key: 's' }],
};
