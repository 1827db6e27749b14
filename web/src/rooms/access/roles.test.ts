import { expect, test } from 'vitest';
import { institutionKinds, NewOffice, officeKinds } from '../../../../server/src/access/contract.ts';
import * as here from './roles.ts';

test('every kind of office and institution can be chosen', () => {
  expect(here.officeKinds).toEqual(officeKinds);
  expect(here.institutionKinds).toEqual(institutionKinds);
});

test('short names are those that the server takes', () => {
  expect(here.idPattern.source).toBe((NewOffice.properties.id as { pattern?: string }).pattern);
});
