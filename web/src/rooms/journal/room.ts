import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [{ path: '/journal', load: () => import('./journal.tsx') }],
  navigation: [
    {
      path: '/journal',
      label: 'nav.journal',
      group: 'between',
      anyOf: ['journal.read', 'registry.search'],
      key: 'j',
    },
  ],
};
