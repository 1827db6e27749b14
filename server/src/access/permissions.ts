import { permissionsByRole, roles, type Permission, type Role } from '@bronze-drum/protocol/roles';
import type { Actor, OfficerActor, Purpose } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';

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
