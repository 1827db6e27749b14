/** Check digits of documents and registers, each by its public rule. All expect ASCII and return false for what is not of the form. */

/** Thai national identity and juristic person numbers: 13 digits, modulo 11. */
export function passesThaiCheck(text: string): boolean {
  if (!/^\d{13}$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += (text.charCodeAt(i) - 48) * (13 - i);
  return text.charCodeAt(12) - 48 === (11 - (sum % 11)) % 10;
}

const residentWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The last character of a Chinese resident identity number: GB 11643, ISO 7064 MOD 11-2, over its first 17 digits. */
export function residentCheck(seventeen: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (seventeen.charCodeAt(i) - 48) * (residentWeights[i] ?? 0);
  return '10X98765432'.charAt(sum % 11);
}

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Chinese unified social credit code: GB 32100, 18 characters, weights of 3^i modulo 31. I, O, S, V and Z never occur. */
export function passesCreditCodeCheck(text: string): boolean {
  if (!/^[0-9A-HJ-NP-RTUWXY]{18}$/.test(text)) return false;
  let sum = 0;
  for (let i = 0, weight = 1; i < 17; i++, weight = (weight * 3) % 31)
    sum += creditAlphabet.indexOf(text.charAt(i)) * weight;
  return creditAlphabet.charAt((31 - (sum % 31)) % 31) === text.charAt(17);
}

const taxWeights = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/** Vietnamese enterprise (tax) code: 10 digits, the last one 10 minus the weighted sum modulo 11. */
export function passesVietnameseTaxCheck(ten: string): boolean {
  if (!/^\d{10}$/.test(ten)) return false;
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += (ten.charCodeAt(i) - 48) * (taxWeights[i] ?? 0);
  return 10 - (sum % 11) === ten.charCodeAt(9) - 48;
}

/** IBAN: ISO 13616, ISO 7064 MOD 97-10, over upper-case letters and digits. */
export function passesMod97(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    if (Number.isNaN(value)) return false;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
