import type { ReactElement } from 'react';
import type { HoldHistory } from '../../../../server/src/funds/hold-contract.ts';
import { FactTree } from '../../ui/fact-tree.tsx';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { useSaid, useWords } from '../../ui/words.ts';

type Deed = HoldHistory['history'][number];

const tones: Readonly<Partial<Record<Deed['deed'], Tone>>> = {
  ordered: 'ochre',
  answered: 'patina',
  extended: 'ochre',
  complaint: 'ochre',
  released: 'cinnabar',
  expired: 'cinnabar',
  seized: 'bronze',
  confiscated: 'bronze',
  returned: 'patina',
};

const labelled = [
  'grounds',
  'reason',
  'stage',
  'times',
  'until',
  'complaint',
  'court',
  'outcome',
  'file',
  'amount',
  'reference',
];

/** What was done to it, the newest first. */
export function HoldDeeds({ found: { hold, history } }: { found: HoldHistory }): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const label = (name: string): string => (labelled.includes(name) ? t(`hold.detail.${name}`) : name);
  const readable = (name: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    if (name === 'stage') return t(`terms:holdStage.${value}`);
    if (name === 'outcome') return said('orderOutcomes', value);
    return name === 'amount' ? format.money({ value, currency: hold.held.currency }) : value;
  };
  return (
    <Timeline
      happenings={history.toReversed().map(({ revision, at, actor, deed, details }) => {
        const shown = Object.entries(details).map(([name, value]) => [name, readable(name, value)] as const);
        return {
          key: `${revision}`,
          at,
          what: t(`terms:holdDeed.${deed}`),
          tone: tones[deed] ?? 'stone',
          by: actor,
          details: shown.length === 0 ? undefined : <FactTree of={Object.fromEntries(shown)} label={label} />,
        };
      })}
    />
  );
}
