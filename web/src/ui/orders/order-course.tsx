import type { ReactElement } from 'react';
import type { OrderDetails } from '../../../../server/src/orders/contract.ts';
import { FactTree } from '../fact-tree.tsx';
import { useFormat } from '../format.ts';
import type { Tone } from '../mark.tsx';
import { Timeline } from '../timeline.tsx';
import { useSaid, useWords } from '../words.ts';

const tones: Readonly<Record<string, Tone>> = {
  issued: 'ochre',
  changed: 'ochre',
  reminded: 'ochre',
  late: 'cinnabar',
  answered: 'patina',
  unconfirmed: 'cinnabar',
  confirmed: 'patina',
};

const labelled = [
  'revision',
  'outcome',
  'held',
  'gone',
  'grounds',
  'why',
  'court',
  'reminders',
  'refusal',
  'reference',
];

/** What happened to an order, the newest first. */
export function OrderCourse({ found: { order, history } }: { found: OrderDetails }): ReactElement {
  const { t } = useWords('orders');
  const said = useSaid();
  const format = useFormat();
  const currency = order.amount?.currency;
  const label = (name: string): string => (labelled.includes(name) ? t(`detail.${name}`) : name);
  const readable = (name: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    if (name === 'outcome') return said('orderOutcomes', value);
    if (name === 'why') return said('orderEnds', value);
    if (name === 'refusal') return said('orderRefusals', value);
    return (name === 'held' || name === 'gone') && currency !== undefined ? format.money({ value, currency }) : value;
  };
  return (
    <Timeline
      happenings={history.toReversed().map(({ at, actor, what, details }, row) => {
        const shown = Object.entries(details).map(([name, value]) => [name, readable(name, value)] as const);
        return {
          key: `${at} ${what} ${row}`,
          at,
          what: t(`terms:orderDeed.${what}`),
          tone: tones[what] ?? 'stone',
          by: actor,
          details: shown.length === 0 ? undefined : <FactTree of={Object.fromEntries(shown)} label={label} />,
        };
      })}
    />
  );
}
