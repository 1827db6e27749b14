import { oneOf } from '../../link/view.ts';

export const ledgerTabs = ['given', 'refused'] as const;

/** What of the ledger is looked at. Instants are RFC 3339; texts are '' where nothing is chosen. */
export interface LedgerView {
  readonly tab: (typeof ledgerTabs)[number];
  readonly reader: string | undefined;
  readonly kind: string | undefined;
  readonly key: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly at: string | undefined;
}

const instant = (text: string | undefined): string | undefined =>
  text !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? text : undefined;

export const readLedgerView = (raw: Readonly<Record<string, string>>): LedgerView => ({
  tab: oneOf(raw['tab'], ledgerTabs) ?? 'given',
  reader: raw['reader'],
  kind: raw['kind'],
  key: raw['key'],
  from: instant(raw['from']),
  to: instant(raw['to']),
  at: raw['at'],
});
