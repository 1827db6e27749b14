import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/traces', load: () => import('./traces.tsx') },
    { path: '/traces/$id', load: () => import('./trace.tsx') },
    { path: '/report', load: () => import('./report.tsx') },
    { path: '/holds', load: () => import('./hold-list.tsx') },
    { path: '/holds/$id', load: () => import('./hold-page.tsx') },
    { path: '/holds/$id/notice', load: () => import('./hold-letter.tsx') },
    { path: '/returns', load: () => import('./return-list.tsx') },
    { path: '/returns/new', load: () => import('./return-new.tsx') },
    { path: '/returns/$id', load: () => import('./return-page.tsx') },
  ],
  navigation: [
    { path: '/traces', label: 'nav.traces', group: 'money', permission: 'funds.read', key: 't' },
    { path: '/report', label: 'nav.report', group: 'now', permission: 'funds.report', key: 'r' },
    { path: '/holds', label: 'nav.holds', group: 'money', permission: 'funds.read', key: 'h' },
    { path: '/returns', label: 'nav.returns', group: 'money', permission: 'funds.read' },
  ],
};
