import { permissionsByRole, roles } from '@bronze-drum/protocol/roles';
import { Checkbox } from '@mantine/core';
import type { ReactElement } from 'react';
import { useWords } from '../../ui/words.ts';

/** Roles with what follows from each. */
export function RoleChoice({
  value,
  change,
}: {
  value: readonly string[];
  change: (roles: string[]) => void;
}): ReactElement {
  const { t } = useWords('access');
  return (
    <Checkbox.Group
      label={t('officer.roles')}
      description={t('officer.roles.hint')}
      value={[...value]}
      onChange={change}
      required
    >
      <div className="access-roles">
        {roles.map((role) => (
          <div key={role}>
            <Checkbox value={role} label={t(`terms:role.${role}`)} description={t(`terms:role.${role}.what`)} />
            <details>
              <summary>{t('role.permissions')}</summary>
              <PermissionList permissions={permissionsByRole[role]} />
            </details>
          </div>
        ))}
      </div>
    </Checkbox.Group>
  );
}

export function PermissionList({ permissions }: { permissions: readonly string[] }): ReactElement {
  const { t } = useWords('access');
  return (
    <ul className="access-permissions">
      {permissions.map((permission) => (
        <li key={permission}>{t(`terms:permission.${permission}`)}</li>
      ))}
    </ul>
  );
}
