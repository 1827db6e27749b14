import type { ComponentType } from 'react';

/** A screen of a room: where it is, and what shows it (a module that exports `Screen`). */
export interface ScreenAt {
  /** A path of the router: `/traces/$id`. */
  readonly path: string;
  readonly load: () => Promise<{ Screen: ComponentType }>;
  /** Shown without the frame, and without being signed in. */
  readonly isOutside?: boolean;
}

export const navigationGroups = ['now', 'facts', 'money', 'between', 'house', 'institution'] as const;
export type NavigationGroup = (typeof navigationGroups)[number];

/** A line of the navigation. It is shown to whoever holds the permission. */
export interface NavigationLine {
  readonly path: string;
  /** Key in `shell.json`: `nav.alerts`. */
  readonly label: string;
  readonly group: NavigationGroup;
  readonly permission?: string;
  /** One of these is enough. */
  readonly anyOf?: readonly string[];
  /** For people of institutions instead of officers. */
  readonly for?: 'institution';
  /** Letter that goes there after `g`. */
  readonly key?: string;
}

/** What a room brings to the desk. */
export interface Room {
  readonly screens: readonly ScreenAt[];
  readonly navigation?: readonly NavigationLine[];
}
