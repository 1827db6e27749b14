import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    // One screen for both, so that choosing an alert keeps the queue where it is.
    { path: '/alerts/{-$id}', load: () => import('./alerts.tsx') },
    { path: '/watches', load: () => import('./watches.tsx') },
  ],
  navigation: [
    { path: '/alerts', label: 'nav.alerts', group: 'now', permission: 'alerts.read', key: 'a' },
    { path: '/watches', label: 'nav.watches', group: 'now', permission: 'alerts.watch', key: 'w' },
  ],
};
