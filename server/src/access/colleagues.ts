import type { OfficerActor } from '../kernel/actor.ts';
import type { Sql } from '../platform/db.ts';
import { type Permission, permissionsOf } from '@bronze-drum/protocol/roles';
import { rolesWith } from './permissions.ts';

/** An officer as others see them who give them work: who they are and what they may do. */
export type Colleague = Pick<OfficerActor, 'officer' | 'office' | 'roles' | 'permissions'> & { readonly name: string };

/** The active officers who hold a permission, by id. */
export async function readColleagues(sql: Sql, permission: Permission): Promise<Colleague[]> {
  const rows = await sql.query<{ officer: string; name: string; office: string; roles: string[] }>(
    'SELECT id AS officer, name, office, roles FROM access.officers WHERE active AND roles && $1::text[] ORDER BY id',
    [rolesWith(permission)],
  );
  return rows.map((row) => ({ ...row, permissions: permissionsOf(row.roles) }));
}
