import { describe } from 'vitest';

import { testConformance } from '../vectors/conformance.ts';
import { company } from './company.ts';

describe('company', () =>
  testConformance(company, [undefined, { country: 'TH' }, { country: 'CN' }, { country: 'VN' }, { country: 'KH' }]));
