import type { Actor, OfficerActor, Purpose } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';

/** What an actor may do, as room.verb. */
export const permissions = [
  'access.audit',
  'access.manage',
  'activity.report',
  'alerts.handle',
  'alerts.read',
  'alerts.tell',
  'alerts.watch',
  'detection.read',
  'detection.try',
  'directory.cosign',
  'directory.pause',
  'directory.propose',
  'directory.read',
  'evidence.disclose',
  'evidence.read',
  'evidence.take',
  'federation.quarantine',
  'federation.read',
  'funds.approve',
  'funds.hold',
  'funds.read',
  'funds.report',
  'funds.return',
  'funds.trace',
  'journal.erase',
  'journal.read',
  'liaison.answer',
  'liaison.approve',
  'liaison.ask',
  'liaison.read',
  'liaison.roster',
  'operate',
  'orders.answer',
  'orders.approve',
  'orders.issue',
  'orders.read',
  'redress.decide',
  'redress.lodge',
  'registry.approve',
  'registry.discreet',
  'registry.list',
  'registry.search',
  'registry.withdraw',
  'screening.screen',
] as const;
export type Permission = (typeof permissions)[number];

/** What an officer may be, and what follows from it. An officer has one role or several. */
export const permissionsByRole = {
  administrator: ['access.manage', 'directory.read', 'directory.propose'],
  analyst: [
    'evidence.take',
    'evidence.read',
    'funds.report',
    'funds.read',
    'funds.trace',
    'orders.read',
    'liaison.read',
    'alerts.read',
    'alerts.handle',
    'alerts.watch',
    'detection.read',
    'detection.try',
    'registry.list',
    'registry.withdraw',
    'registry.search',
    'registry.discreet',
    'redress.lodge',
    'screening.screen',
  ],
  supervisor: [
    'evidence.take',
    'evidence.read',
    'evidence.disclose',
    'funds.report',
    'funds.read',
    'funds.trace',
    'funds.hold',
    'funds.approve',
    'funds.return',
    'orders.read',
    'orders.issue',
    'orders.approve',
    'liaison.read',
    'liaison.ask',
    'liaison.answer',
    'liaison.approve',
    'liaison.roster',
    'alerts.read',
    'alerts.handle',
    'alerts.tell',
    'alerts.watch',
    'detection.read',
    'detection.try',
    'registry.approve',
    'registry.withdraw',
    'registry.search',
    'registry.discreet',
    'redress.decide',
    'journal.erase',
    'directory.read',
    'directory.cosign',
    'directory.pause',
    'federation.read',
    'federation.quarantine',
  ],
  'duty-officer': [
    'evidence.take',
    'evidence.read',
    'funds.report',
    'funds.read',
    'funds.trace',
    'funds.hold',
    'orders.read',
    'orders.issue',
    'liaison.read',
    'liaison.ask',
    'liaison.answer',
    'alerts.read',
    'alerts.handle',
    'alerts.watch',
    'detection.read',
    'registry.list',
    'registry.withdraw',
    'registry.search',
    'redress.lodge',
    'screening.screen',
  ],
  liaison: [
    'evidence.take',
    'evidence.read',
    'evidence.disclose',
    'funds.read',
    'orders.read',
    'liaison.read',
    'liaison.ask',
    'liaison.answer',
    'liaison.roster',
    'alerts.read',
    'alerts.handle',
    'alerts.watch',
    'detection.read',
    'registry.search',
    'redress.lodge',
    'screening.screen',
    'directory.read',
    'federation.read',
  ],
  auditor: [
    'evidence.read',
    'funds.read',
    'orders.read',
    'liaison.read',
    'journal.read',
    'access.audit',
    'directory.read',
    'federation.read',
    'detection.read',
  ],
  operator: [
    'alerts.read',
    'alerts.handle',
    'operate',
    'directory.read',
    'directory.propose',
    'directory.pause',
    'federation.read',
  ],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
export type Role = keyof typeof permissionsByRole;
export const roles = Object.keys(permissionsByRole) as Role[];

/** What an institution may do, whatever it is. */
const ofInstitutions = [
  'activity.report',
  'evidence.take',
  'funds.report',
  'orders.answer',
  'alerts.read',
  'alerts.watch',
  'screening.screen',
  'redress.lodge',
] as const;

/** What an institution may do, by its kind. */
export const permissionsByInstitutionKind = {
  bank: ofInstitutions,
  wallet: ofInstitutions,
  crypto: ofInstitutions,
  operator: ofInstitutions,
  platform: ofInstitutions,
} as const satisfies Readonly<Record<string, readonly Permission[]>>;
export type InstitutionKind = keyof typeof permissionsByInstitutionKind;
export const institutionKinds = Object.keys(permissionsByInstitutionKind) as InstitutionKind[];

/**
 * What the key for commands on the server's own machine may not do, whatever its officer may: whoever holds the
 * machine would otherwise be their own second person.
 */
export const withheldFromLocalKey: readonly Permission[] = [
  'alerts.tell',
  'funds.approve',
  'liaison.approve',
  'orders.approve',
  'registry.approve',
  'redress.decide',
  'directory.cosign',
  'federation.quarantine',
];

/** A role that is stored but no longer known gives nothing. */
export function permissionsOf(held: readonly string[]): ReadonlySet<Permission> {
  return new Set(
    held.flatMap((role) => (Object.hasOwn(permissionsByRole, role) ? permissionsByRole[role as Role] : [])),
  );
}

export function permissionsOfInstitution(kind: string): ReadonlySet<Permission> {
  const known = Object.hasOwn(permissionsByInstitutionKind, kind);
  return new Set(known ? permissionsByInstitutionKind[kind as InstitutionKind] : []);
}

export function rolesWith(permission: Permission): Role[] {
  return roles.filter((role) => (permissionsByRole[role] as readonly Permission[]).includes(permission));
}

/** Refuses whoever does not hold the permission. Rules and parties hold none: what they may do, its own room decides. */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!('permissions' in actor) || !actor.permissions.has(permission)) refuse('forbidden.permission', { permission });
}

/** Refuses all but officers who hold the permission. */
export function requireOfficer(actor: Actor, permission: Permission): OfficerActor {
  if (actor.kind !== 'officer') return refuse('forbidden.permission', { permission });
  requirePermission(actor, permission);
  return actor;
}

/** Refuses an officer who did not say why they read personal data in this call. */
export function requirePurpose(actor: Actor): Purpose | null {
  if (actor.kind !== 'officer') return null;
  return actor.purpose ?? refuse('forbidden.purpose');
}
