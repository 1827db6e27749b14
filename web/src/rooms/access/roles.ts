import type { NewInstitution, NewOffice } from '../../../../server/src/access/contract.ts';

export const officeKinds = [
  'hotline',
  'police-centre',
  'fiu',
  'regulator',
  'prosecutor',
  'immigration',
  'ncb',
  'central-bank',
  'customs',
  'secretariat',
  'observer',
  'other',
] as const satisfies readonly NewOffice['kind'][];

export const institutionKinds = [
  'bank',
  'wallet',
  'crypto',
  'operator',
  'platform',
] as const satisfies readonly NewInstitution['kind'][];

/** The short name of an office, officer or institution: given once, never used again for another. */
export const idPattern = /^[a-z][a-z0-9-]{1,62}$/;
