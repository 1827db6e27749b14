import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/orders', load: () => import('./order-list.tsx') },
    { path: '/orders/new', load: () => import('./order-new.tsx') },
    { path: '/orders/$id', load: () => import('./order-page.tsx') },
    { path: '/orders/$id/letter', load: () => import('./order-letter.tsx') },
  ],
  navigation: [{ path: '/orders', label: 'nav.orders', group: 'money', permission: 'orders.read', key: 'o' }],
};
