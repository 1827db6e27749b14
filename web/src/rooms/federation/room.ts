import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/federation', load: () => import('./federation.tsx') },
    { path: '/receipts', load: () => import('./receipts.tsx') },
    { path: '/ledger', load: () => import('./ledger.tsx') },
  ],
  navigation: [
    { path: '/federation', label: 'nav.federation', group: 'between', permission: 'directory.read', key: 'm' },
    { path: '/ledger', label: 'nav.ledger', group: 'between', permission: 'federation.read' },
  ],
};
