import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/offices', load: () => import('./offices.tsx') },
    { path: '/institutions', load: () => import('./institutions.tsx') },
    { path: '/webhooks', load: () => import('./webhooks.tsx') },
    { path: '/policy', load: () => import('./policy.tsx') },
    { path: '/reads', load: () => import('./reads.tsx') },
    { path: '/changes', load: () => import('./changes.tsx') },
    { path: '/profile', load: () => import('./profile.tsx') },
    { path: '/approvals', load: () => import('./approval-list.tsx') },
    { path: '/approvals/$id', load: () => import('./approval-page.tsx') },
    { path: '/enter', load: () => import('./enter.tsx'), isOutside: true },
    {
      path: '/enter/institution',
      load: async () => ({ Screen: (await import('./enter.tsx')).InstitutionScreen }),
      isOutside: true,
    },
  ],
  navigation: [
    { path: '/approvals', label: 'nav.approvals', group: 'now', key: 'd' },
    { path: '/offices', label: 'nav.offices', group: 'house', permission: 'access.manage' },
    { path: '/institutions', label: 'nav.institutions', group: 'house', permission: 'access.manage' },
    {
      path: '/policy',
      label: 'nav.policy',
      group: 'house',
      anyOf: ['access.audit', 'access.manage', 'operate'],
    },
    { path: '/reads', label: 'nav.reads', group: 'house', permission: 'access.audit' },
    { path: '/profile', label: 'nav.profile', group: 'house' },
  ],
};
