/** The Luhn check digit (ISO/IEC 7812-1 annex B) for ASCII digits that do not have one yet. */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let i = digits.length - 1, twice = true; i >= 0; i--, twice = !twice) {
    const digit = digits.charCodeAt(i) - 48;
    sum += twice ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Whether ASCII digits end in their own Luhn check digit. */
export function passesLuhn(digits: string): boolean {
  return digits.length > 1 && luhnDigit(digits.slice(0, -1)) === digits.slice(-1);
}
