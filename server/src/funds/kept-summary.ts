import type { TraceSummary } from './contract.ts';

type Later = 'hops' | 'clock' | 'crossings';
/** A summary as it is stored: an earlier release said less. */
export type KeptSummary = Omit<TraceSummary, Later> & Partial<Pick<TraceSummary, Later>>;

export const wholeSummary = (kept: KeptSummary): TraceSummary => ({ hops: 0, clock: null, crossings: [], ...kept });
