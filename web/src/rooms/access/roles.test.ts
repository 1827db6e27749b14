import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { institutionKinds, NewOffice, officeKinds, roles } from '../../../../server/src/access/contract.ts';
import * as here from './roles.ts';

/** From the server's own source: the desk may not import what stands behind the room's door. */
function permissionsInSource(): Record<string, string[]> {
  const path = join(import.meta.dirname, '../../../../server/src/access/permissions.ts');
  const [, table = ''] = /permissionsByRole = \{([\s\S]*?)\n\} as const/.exec(readFileSync(path, 'utf8')) ?? [];
  return Object.fromEntries(
    Array.from(table.matchAll(/'?([a-z-]+)'?: \[([^\]]*)\]/g), ([, role, list]) => [
      role!,
      Array.from(list!.matchAll(/'([a-z.]+)'/g), ([, permission]) => permission!),
    ]),
  );
}

test('what the desk says that a role may do is what the server lets it do', () => {
  expect(here.permissionsByRole).toEqual(permissionsInSource());
  expect(here.roles).toEqual(roles);
});

test('every kind of office and institution can be chosen', () => {
  expect(here.officeKinds).toEqual(officeKinds);
  expect(here.institutionKinds).toEqual(institutionKinds);
});

test('short names are those that the server takes', () => {
  expect(here.idPattern.source).toBe((NewOffice.properties.id as { pattern?: string }).pattern);
});
