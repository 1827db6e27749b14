import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/appeals', load: () => import('./appeal-list.tsx') },
    { path: '/appeals/new', load: () => import('./appeal-new.tsx') },
    { path: '/appeals/$id', load: () => import('./appeal-page.tsx') },
  ],
  navigation: [{ path: '/appeals', label: 'nav.appeals', group: 'money', anyOf: ['redress.decide', 'redress.lodge'] }],
};
