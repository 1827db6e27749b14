import { describe } from 'vitest';

import { testConformance } from './conformance.ts';
import { device } from './device.ts';

describe('device', () => testConformance(device, [undefined, { country: 'TH' }]));
