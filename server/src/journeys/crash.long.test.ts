import { test } from 'vitest';
import { crashJourney } from './crash-journey.ts';

test('what was acknowledged survives twenty kills at random moments', { timeout: 600_000 }, () => crashJourney(20, 20261121));
