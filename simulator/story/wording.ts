export const minutes = (count: number): number => count * 60;
export const hours = (count: number): number => minutes(60 * count);
export const days = (count: number): number => hours(24 * count);

/** Baht, in satang. */
export const baht = (amount: number) => ({ value: String(amount * 100), currency: 'THB' });

/** For all members, and whom they must tell. */
export const amber = { tlp: 'AMBER', conditions: [] };
