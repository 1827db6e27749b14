import type { Room } from '../../link/room.ts';

/** What a bank, wallet or operator sees here: its orders, checks, reports, notices and alerts. */
export const room: Room = {
  screens: [
    { path: '/institution', load: () => import('./start.tsx') },
    { path: '/institution/orders', load: () => import('./order-list.tsx') },
    { path: '/institution/orders/answers', load: () => import('./answer-file.tsx') },
    { path: '/institution/orders/$id', load: () => import('./order-page.tsx') },
    { path: '/institution/orders/$id/letter', load: () => import('./order-letter.tsx') },
    { path: '/institution/screen', load: () => import('./check.tsx') },
    { path: '/institution/report', load: () => import('./report.tsx') },
    { path: '/institution/notices', load: () => import('./notice-list.tsx') },
    { path: '/institution/notices/$id', load: () => import('./notice-page.tsx') },
    { path: '/institution/alerts', load: () => import('./alerts.tsx') },
  ],
  navigation: [
    { path: '/institution', label: 'nav.institution', group: 'institution', for: 'institution', key: 'h' },
    {
      path: '/institution/orders',
      label: 'nav.institution.orders',
      group: 'institution',
      for: 'institution',
      permission: 'orders.answer',
      key: 'o',
    },
    {
      path: '/institution/screen',
      label: 'nav.institution.screen',
      group: 'institution',
      for: 'institution',
      permission: 'screening.screen',
      key: 'c',
    },
    {
      path: '/institution/report',
      label: 'nav.institution.report',
      group: 'institution',
      for: 'institution',
      permission: 'funds.report',
      key: 'r',
    },
    {
      path: '/institution/notices',
      label: 'nav.institution.notices',
      group: 'institution',
      for: 'institution',
      permission: 'orders.answer',
      key: 'n',
    },
    {
      path: '/institution/alerts',
      label: 'nav.institution.alerts',
      group: 'institution',
      for: 'institution',
      permission: 'alerts.read',
      key: 'a',
    },
  ],
};
