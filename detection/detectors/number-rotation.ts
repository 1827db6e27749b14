import { Type, type Static } from 'typebox';
import { detector, type Verdict } from '../detector.ts';
import type { RotationView } from '../line-view.ts';
import { instantOf } from './money-facts.ts';
import { above } from './strength.ts';

const hourMs = 3_600_000;
const count = (standard: number, description: string) =>
  Type.Integer({ default: standard, minimum: 2, maximum: 64, description });

const Limits = Type.Object({
  numbersMin: count(5, 'Numbers on one device (NBTC: devices of SIM boxes, rotation); the number is ours'),
  devicesMin: count(4, 'Or devices of one number; ours'),
  withinHours: Type.Number({ default: 24, minimum: 1, maximum: 24, description: 'In such a time; ours' }),
  trafficMin: Type.Integer({
    default: 20,
    minimum: 0,
    maximum: 10_000,
    description: 'Calls and messages: who sells or repairs telephones tries a card once; ours',
  }),
  cellsMax: Type.Integer({
    default: 3,
    minimum: 1,
    maximum: 32,
    description: 'Cells in which the device was: a copied IMEI is in many places at once; ours',
  }),
});

/** One device with many numbers, or one number in many devices, in one place and with much traffic. */
export const numberRotation = detector({
  name: 'number-rotation',
  version: 1,
  on: ['call', 'message'] as const,
  typology: 'sim-box',
  urgency: 2,
  limits: Limits,
  facts: ['numbers', 'numbersMin', 'devices', 'devicesMin', 'traffic', 'cells', 'untilAt', 'withinHours', 'trafficMin'],
  find(view: RotationView, limits: Static<typeof Limits>): Verdict | undefined {
    const isDevice = view.by === 'device';
    const least = isDevice ? limits.numbersMin : limits.devicesMin;
    if (view.known < least) return undefined;
    const sinceMs = view.newestMs - limits.withinHours * hourMs;
    const count = view.count(sinceMs, 64);
    if (count < least) return undefined;
    const traffic = view.traffic(sinceMs);
    if (traffic < limits.trafficMin) return undefined;
    const cells = view.cells(sinceMs, limits.cellsMax + 1);
    if (cells === 0 || cells > limits.cellsMax) return undefined;
    if (isDevice && view.desks(sinceMs) * 2 >= count) return undefined;
    return {
      facts: {
        ...(isDevice ? { numbers: count, numbersMin: least } : { devices: count, devicesMin: least }),
        traffic,
        cells,
        untilAt: instantOf(view.newestMs),
        withinHours: limits.withinHours,
        trafficMin: limits.trafficMin,
      },
      counterparts: view.device === undefined ? view.others(sinceMs) : [view.device, ...view.others(sinceMs)],
      strength: above(count, least / 2),
    };
  },
});
