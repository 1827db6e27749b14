import { describe } from 'vitest';

import { testConformance } from '../vectors/conformance.ts';
import { device } from './device.ts';

describe('device', () => testConformance(device, [undefined, { country: 'TH' }]));
