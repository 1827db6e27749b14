import { callingCode } from './calling-codes.ts';
import { planOfCallingCode } from './numbering.ts';

/** By member and number of digits, how people there group a number when they say it. */
const groups: Readonly<Record<string, readonly number[]>> = {
  'CN 11': [3, 4, 4],
  'CN 10': [2, 4, 4],
  'KH 8': [2, 3, 3],
  'KH 9': [2, 3, 4],
  'LA 10': [2, 2, 3, 3],
  'LA 9': [2, 2, 2, 3],
  'LA 8': [2, 3, 3],
  'MM 10': [1, 3, 3, 3],
  'MM 9': [1, 4, 4],
  'MM 8': [1, 3, 4],
  'TH 9': [2, 3, 4],
  'TH 8': [1, 3, 4],
  'VN 9': [3, 3, 3],
  'VN 10': [2, 4, 4],
};

/** Threes, with the rest in the last group: the habit of most countries, and harmless in the others. */
function threes(length: number): number[] {
  const sizes: number[] = [];
  let left = length;
  for (; left > 4; left -= 3) sizes.push(3);
  return [...sizes, left];
}

function parts(value: string): readonly [code: string, national: string, groups: readonly number[]] {
  const digits = value.slice(1);
  const plan = planOfCallingCode(digits);
  const code = plan?.callingCode ?? callingCode(digits) ?? '';
  const national = digits.slice(code.length);
  return [code, national, groups[`${plan?.country ?? ''} ${national.length}`] ?? threes(national.length)];
}

function grouped(text: string, sizes: readonly number[]): string {
  let at = 0;
  return sizes.map((size) => text.slice(at, (at += size))).join(' ');
}

/** "+66 81 234 5678" */
export function captionPhone(value: string): string {
  const [code, national, sizes] = parts(value);
  return `+${code} ${grouped(national, sizes)}`;
}

/** "+66 81 ••• ••78": the country and the operator's range at most, and two digits by which the owner recognises it. */
export function maskPhone(value: string): string {
  const [code, national, sizes] = parts(value);
  const shown = national.length > 7 ? 2 : 0;
  const hidden = national.slice(0, shown) + '•'.repeat(Math.max(0, national.length - shown - 2)) + national.slice(-2);
  return `+${code} ${grouped(hidden, sizes)}`;
}
