/**
 * Exponential and logarithm from additions and multiplications alone. IEEE 754 fixes those to the last bit, and leaves `Math.exp`
 * and `Math.log` to the engine: with them the same seed could give another world elsewhere.
 */

const ln2 = Math.LN2;

export function exp(x: number): number {
  const twos = Math.round(x / ln2);
  const rest = x - twos * ln2;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 13; n++) {
    term = (term * rest) / n;
    sum += term;
  }
  return scaled(sum, twos);
}

/** Of a positive number. */
export function ln(x: number): number {
  let mantissa = x;
  let twos = 0;
  for (; mantissa > 1.5; twos++) mantissa /= 2;
  for (; mantissa < 0.75; twos--) mantissa *= 2;
  // ln m = 2 artanh((m - 1) / (m + 1))
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let power = ratio;
  let sum = 0;
  for (let n = 1; n <= 21; n += 2) {
    sum += power / n;
    power *= square;
  }
  return 2 * sum + twos * ln2;
}

function scaled(value: number, twos: number): number {
  let result = value;
  for (let n = twos; n > 0; n--) result *= 2;
  for (let n = twos; n < 0; n++) result /= 2;
  return result;
}
