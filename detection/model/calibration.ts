import { chanceOf } from './forest.ts';

/** Turns a margin into the chance that the payment is illicit (Platt scaling). Grows with the margin. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
}

export const calibrated = ({ slope, intercept }: Calibration, margin: number): number =>
  chanceOf(slope * margin + intercept);

const stepsMax = 100;
const slopeMin = 1e-3;

/** Fits both numbers to held-out rows by Newton's method, towards Platt's targets, so that few rows do not make it certain. */
export function calibrate(margins: Float64Array, labels: Uint8Array): Calibration {
  let positives = 0;
  for (const label of labels) positives += label;
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (labels.length - positives + 2)];
  let [slope, intercept] = [1, 0];
  for (let step = 0; step < stepsMax; step += 1) {
    // Gradient and Hessian of the log loss by slope and intercept; a little is added to the diagonal.
    let [bySlope, byIntercept, slopeSlope, slopeIntercept, interceptIntercept] = [0, 0, 1e-9, 0, 1e-9];
    for (const [row, margin] of margins.entries()) {
      const chance = chanceOf(slope * margin + intercept);
      const off = chance - (labels[row] === 1 ? high : low);
      const weight = chance * (1 - chance);
      bySlope += off * margin;
      byIntercept += off;
      slopeSlope += weight * margin * margin;
      slopeIntercept += weight * margin;
      interceptIntercept += weight;
    }
    const determinant = slopeSlope * interceptIntercept - slopeIntercept * slopeIntercept;
    if (!(Math.abs(determinant) > 1e-12)) break;
    const slopeBy = (interceptIntercept * bySlope - slopeIntercept * byIntercept) / determinant;
    const interceptBy = (slopeSlope * byIntercept - slopeIntercept * bySlope) / determinant;
    // Half a step at most the size of one keeps Newton's method from leaping off flat ground.
    slope = Math.max(slopeMin, slope - Math.max(-1, Math.min(1, slopeBy)));
    intercept -= Math.max(-1, Math.min(1, interceptBy));
    if (Math.abs(slopeBy) + Math.abs(interceptBy) < 1e-9) break;
  }
  return { slope, intercept };
}
