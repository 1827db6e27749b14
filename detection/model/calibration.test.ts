import { expect, test } from 'vitest';
import { calibrate, calibrated } from './calibration.ts';
import { openChance } from './chance.ts';
import { chanceOf } from './forest.ts';

test('margins that are twice too sure are brought back', () => {
  const chance = openChance(3);
  const margins = new Float64Array(20_000);
  const labels = new Uint8Array(20_000);
  for (let row = 0; row < margins.length; row += 1) {
    const true_ = 6 * chance() - 4;
    margins[row] = 2 * true_ + 1;
    labels[row] = chance() < chanceOf(true_) ? 1 : 0;
  }
  const { slope, intercept } = calibrate(margins, labels);
  expect(slope).toBeCloseTo(0.5, 1);
  expect(intercept).toBeCloseTo(-0.5, 1);
});

test('the highest margin stays the highest chance, and no chance is certain', () => {
  for (const labels of [
    Uint8Array.of(0, 0, 1),
    Uint8Array.of(1, 0, 0),
    Uint8Array.of(0, 0, 0),
    Uint8Array.of(1, 1, 1),
  ]) {
    const calibration = calibrate(Float64Array.of(-3, 0, 4), labels);
    const chances = [-3, 0, 4].map((margin) => calibrated(calibration, margin));
    expect(chances[0]).toBeLessThan(chances[1]!);
    expect(chances[1]).toBeLessThan(chances[2]!);
    for (const one of chances) expect(one > 0 && one < 1).toBe(true);
  }
});
