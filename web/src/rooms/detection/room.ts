import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/detectors', load: () => import('./detectors.tsx') },
    { path: '/detectors/$name', load: () => import('./detector.tsx') },
  ],
  navigation: [{ path: '/detectors', label: 'nav.detectors', group: 'facts', permission: 'detection.read', key: 'f' }],
};
