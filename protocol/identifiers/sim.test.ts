import { describe } from 'vitest';

import { testConformance } from '../vectors/conformance.ts';
import { sim } from './sim.ts';

describe('sim', () => testConformance(sim, [undefined, { country: 'CN' }]));
