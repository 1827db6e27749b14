import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/requests', load: () => import('./requests.tsx') },
    { path: '/requests/new', load: () => import('./compose.tsx') },
    { path: '/requests/$id', load: () => import('./request.tsx') },
    { path: '/roster', load: () => import('./roster.tsx') },
    { path: '/scorecard', load: () => import('./scorecard.tsx') },
  ],
  navigation: [
    { path: '/requests', label: 'nav.requests', group: 'between', permission: 'liaison.read', key: 'q' },
    { path: '/roster', label: 'nav.roster', group: 'between', permission: 'liaison.read' },
    { path: '/scorecard', label: 'nav.scorecard', group: 'between', permission: 'liaison.read' },
  ],
};
