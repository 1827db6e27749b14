import type { Room } from '../../link/room.ts';

export const room: Room = {
  screens: [
    { path: '/identifiers/$key', load: () => import('./identifier.tsx') },
    { path: '/listings', load: () => import('./listings.tsx') },
    { path: '/list', load: () => import('./list.tsx') },
    { path: '/imports', load: () => import('./imports.tsx') },
    { path: '/imports/new', load: () => import('./import-new.tsx') },
    { path: '/imports/$id', load: () => import('./import.tsx') },
    { path: '/exports', load: () => import('./exports.tsx') },
  ],
  navigation: [
    { path: '/listings', label: 'nav.listings', group: 'facts', permission: 'registry.search', key: 'l' },
    { path: '/list', label: 'nav.list', group: 'facts', permission: 'registry.list', key: 'n' },
    { path: '/imports', label: 'nav.imports', group: 'facts', permission: 'registry.search', key: 'i' },
    { path: '/exports', label: 'nav.exports', group: 'between', permission: 'registry.search', key: 'e' },
  ],
};
